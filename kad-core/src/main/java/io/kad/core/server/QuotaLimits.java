package io.kad.core.server;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import java.util.OptionalLong;

/**
 * Limits of a host, of a network, of one peer at a host, or of the replicating peers of a host.
 *
 * @param entries the limit of the number of entries
 * @param bytes the limit of their bytes
 */
record QuotaLimits(Limit entries, Limit bytes) {

    /** Part of the entries of a host that one peer gets: a quarter. Source: kad's choice. */
    static final int PEERS_PER_HOST = 4;

    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** No limits: those of this machine, and of all networks together, are the limits of the store. */
    static final QuotaLimits NONE = new QuotaLimits(Limit.NONE, Limit.NONE);

    /**
     * Limit of one thing.
     *
     * @param value the limit
     * @param unit the unit, with a blank before it; empty for entries
     * @param part the part of the option that it is, with a blank after it; empty for all of it
     * @param option the name of the option that sets it
     */
    record Limit(long value, String unit, String part, String option) {

        private static final Limit NONE = new Limit(NO_LIMIT, "", "", "");

        private static Limit of(long value, String unit, ConfigOption<?> option) {
            return new Limit(value, unit, "", option.name());
        }

        private Limit part(String name, long partValue) {
            return new Limit(partValue, unit, name + " of ", option);
        }

        /** Returns the limit with its option, for people. */
        @Override
        public String toString() {
            return value + unit + " (" + part + option + ")";
        }
    }

    /** Returns the limits of a host; {@code storeBytes} is the limit of the store, of which it gets seven eighths by default. */
    static QuotaLimits ofHosts(KademliaConfig config, OptionalLong storeBytes) {
        long ofStore = storeBytes.isPresent() ? storeBytes.getAsLong() - storeBytes.getAsLong() / 8 : NO_LIMIT;
        return of(config, KademliaConfig.MAX_ENTRIES_PER_HOST, KademliaConfig.MAX_ENTRY_BYTES_PER_HOST, ofStore);
    }

    /** Returns the limits of a network; {@code storeBytes} is the limit of the store, of which it gets all by default. */
    static QuotaLimits ofNetworks(KademliaConfig config, OptionalLong storeBytes) {
        return of(
                config,
                KademliaConfig.MAX_ENTRIES_PER_NETWORK,
                KademliaConfig.MAX_ENTRY_BYTES_PER_NETWORK,
                storeBytes.orElse(NO_LIMIT));
    }

    private static QuotaLimits of(
            KademliaConfig config, ConfigOption<Integer> entries, ConfigOption<Long> bytes, long ofStore) {
        long configured = config.get(bytes);
        return new QuotaLimits(
                Limit.of(config.get(entries), "", entries),
                Limit.of(configured == 0 ? ofStore : configured, " bytes", bytes));
    }

    /**
     * Returns the limits of one peer at a host with these limits: a quarter of the entries, rounded up, and three quarters of the bytes. With the
     * defaults these are 8,192 records of 1 KiB: of smaller ones the number is the limit, and of larger ones the bytes.
     */
    QuotaLimits ofPeers() {
        return new QuotaLimits(
                entries.part("a quarter", (entries.value() + PEERS_PER_HOST - 1) / PEERS_PER_HOST),
                bytes.part("three quarters", bytes.value() - bytes.value() / 4));
    }

    /** Returns the limits of what all peers of a host with these limits replicate: three quarters, so that a quarter is left for what they publish. */
    QuotaLimits ofReplications() {
        return new QuotaLimits(
                entries.part("three quarters", entries.value() - entries.value() / 4),
                bytes.part("three quarters", bytes.value() - bytes.value() / 4));
    }
}
