package io.kad.store.memory;

import java.util.Map;

/**
 * Limits of the in-memory stores.
 *
 * <p>Bytes are heap bytes, an upper estimate: the content of a record plus a fixed overhead for the objects around it. In a
 * configuration each limit is an option whose name begins with {@code memory.}, as listed at the fields. A limit that is too low
 * makes the peer refuse records; one that is too high lets remote peers use up the heap.
 *
 * @param records the limits of the record store
 * @param providers the limits of the provider store
 */
public record MemoryStoreLimits(Records records, Providers providers) {

    /** The default of every limit. */
    public static final MemoryStoreLimits DEFAULTS = parse(Map.of());

    /**
     * Returns the limits that {@code options} set, and defaults for all others. Options of other plug-ins are ignored.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    public static MemoryStoreLimits parse(Map<String, String> options) {
        return MemoryStoreOptions.parse(options);
    }

    /** Returns a copy with other limits of the record store. */
    public MemoryStoreLimits withRecords(Records records) {
        return new MemoryStoreLimits(records, providers);
    }

    /** Returns a copy with other limits of the provider store. */
    public MemoryStoreLimits withProviders(Providers providers) {
        return new MemoryStoreLimits(records, providers);
    }

    /**
     * Quota of the local or the remote records of a store.
     *
     * @param maxKeys the largest number of keys with records in this share, at least 0
     * @param maxBytes the largest heap of these records in bytes, at least 0
     */
    public record Quota(int maxKeys, long maxBytes) {
        public Quota {
            requireNotNegative(maxKeys, "maxKeys");
            requireNotNegative(maxBytes, "maxBytes");
        }
    }

    /**
     * Limits of a {@link MemoryRecordStore}. A record that replaces one of the other share is accepted even if its share has no
     * room for another key. The total number of keys never exceeds the sum of both quotas.
     *
     * @param remote the quota of records whose publisher is another peer or unknown: {@code memory.max-records} and
     *     {@code memory.max-record-bytes}. Default: 65,536 and 24 MiB (kad's choice: the 1,024 records of rust-libp2p, local ones
     *     included, are too few for a busy network, and what remote peers can fill fits in a small heap)
     * @param local the quota of locally published records: {@code memory.max-local-records} and
     *     {@code memory.max-local-record-bytes}. Default: 65,536 and 64 MiB
     * @param maxKeyBytes the largest key in bytes: {@code memory.max-key-bytes}, which also applies to provider keys. Default:
     *     4,096 (kad's choice)
     * @param maxValueBytes the largest value in bytes: {@code memory.max-value-bytes}. Default: 65,536 (close to the limit of
     *     rust-libp2p, and four times the size that it sends in one message)
     */
    public record Records(Quota remote, Quota local, int maxKeyBytes, int maxValueBytes) {
        public Records {
            requireNotNegative(maxKeyBytes, "maxKeyBytes");
            requireNotNegative(maxValueBytes, "maxValueBytes");
        }
    }

    /**
     * Limits of a {@link MemoryProviderStore}.
     *
     * @param remote the quota of records of other providers: {@code memory.max-provided-keys} and
     *     {@code memory.max-provider-bytes}. Default: 65,536 and 24 MiB
     * @param local the quota of records of the local peer: {@code memory.max-local-provided-keys} and
     *     {@code memory.max-local-provider-bytes}. Default: 65,536 and 64 MiB
     * @param maxPerKey the largest number of remote providers per key: {@code memory.max-providers-per-key}. Default: 20
     *     (rust-libp2p)
     * @param maxPerProvider the largest number of keys per remote provider: {@code memory.max-keys-per-provider}. Default: 16,384
     *     (kad's choice: one peer fills at most a quarter of the store, and a peer with 10 million keys in a public network of
     *     10,000 peers fits)
     * @param maxKeyBytes the largest key in bytes: {@code memory.max-key-bytes}. Default: 4,096
     * @param maxAddressBytes the largest total size of the addresses of one provider, in bytes of their binary form:
     *     {@code memory.max-address-bytes}. Default: 4,096 (kad's choice: 16 addresses, each a quarter of the largest)
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
            throw new IllegalArgumentException(name + " must not be negative, got " + value);
        }
    }
}
