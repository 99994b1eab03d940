package io.kad.store.memory;

import java.util.Map;

/**
 * How much the stores in memory hold.
 *
 * <p>Bytes are those of the heap, as estimated from above: what a record holds and a fixed amount for the objects around it.
 * In a configuration each limit is an option whose name begins with {@code memory.}, as listed at the fields.
 *
 * @param records limits of the record store
 * @param providers limits of the provider store
 */
public record MemoryStoreLimits(Records records, Providers providers) {

    /** Every limit at its default. */
    public static final MemoryStoreLimits DEFAULTS = parse(Map.of());

    /**
     * Returns the limits that {@code options} set, the others at their defaults. Options of other plug-ins are ignored.
     *
     * @throws IllegalArgumentException in one line that names each option that is unknown or has a wrong value
     */
    public static MemoryStoreLimits parse(Map<String, String> options) {
        return MemoryStoreOptions.parse(options);
    }

    /** Returns these limits with those of records replaced. */
    public MemoryStoreLimits withRecords(Records records) {
        return new MemoryStoreLimits(records, providers);
    }

    /** Returns these limits with those of providers replaced. */
    public MemoryStoreLimits withProviders(Providers providers) {
        return new MemoryStoreLimits(records, providers);
    }

    /**
     * A share of a store.
     *
     * @param maxKeys how many keys have something in this share, from 0
     * @param maxBytes how many bytes it takes, from 0
     */
    public record Quota(int maxKeys, long maxBytes) {
        public Quota {
            requireNotNegative(maxKeys, "maxKeys");
            requireNotNegative(maxBytes, "maxBytes");
        }
    }

    /**
     * The limits of a {@link MemoryRecordStore}. A record that replaces one of the other share is taken even if its share has
     * no place for another key; both shares together never hold more keys than both may.
     *
     * @param remote the share of records published by other peers or by nobody known: {@code memory.max-records}, by
     *     default 65,536, and {@code memory.max-record-bytes}, 64 MiB. rust-libp2p takes 1,024 records, its own included,
     *     which a peer of a busy network outgrows at once
     * @param local the share of records published by this peer: {@code memory.max-own-records}, 65,536, and
     *     {@code memory.max-own-record-bytes}, 64 MiB
     * @param maxKeyBytes the longest key, for provider keys as well: {@code memory.max-key-bytes}, 4,096; ours
     * @param maxValueBytes the largest value: {@code memory.max-value-bytes}, 64 KiB. About what rust-libp2p takes, and four
     *     times what it sends in one message
     */
    public record Records(Quota remote, Quota local, int maxKeyBytes, int maxValueBytes) {
        public Records {
            requireNotNegative(maxKeyBytes, "maxKeyBytes");
            requireNotNegative(maxValueBytes, "maxValueBytes");
        }
    }

    /**
     * The limits of a {@link MemoryProviderStore}.
     *
     * @param remote the share of other providers: {@code memory.max-provided-keys}, by default 65,536, and
     *     {@code memory.max-provider-bytes}, 64 MiB
     * @param local the share of this peer as a provider: {@code memory.max-own-provided-keys}, 65,536, and
     *     {@code memory.max-own-provider-bytes}, 64 MiB
     * @param maxPerKey how many other peers may provide one key: {@code memory.max-providers-per-key}, 20 as in rust-libp2p
     * @param maxPerProvider how many keys one other peer may provide: {@code memory.max-keys-per-provider}, 16,384; ours: no
     *     peer fills more than a quarter of the store, and a peer of a public network of 10,000 with 10 million keys fits
     * @param maxKeyBytes the longest key: {@code memory.max-key-bytes}
     * @param maxAddressBytes how much the addresses of one provider take together in binary form:
     *     {@code memory.max-address-bytes}, 4,096; ours: 16 addresses of a quarter of what one may take
     */
    public record Providers(
            Quota remote, Quota local, int maxPerKey, int maxPerProvider, int maxKeyBytes, int maxAddressBytes) {
        public Providers {
            requireNotNegative(maxPerKey, "maxPerKey");
            requireNotNegative(maxPerProvider, "maxPerProvider");
            requireNotNegative(maxKeyBytes, "maxKeyBytes");
            requireNotNegative(maxAddressBytes, "maxAddressBytes");
        }
    }

    private static void requireNotNegative(long value, String name) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative, and is " + value);
        }
    }
}
