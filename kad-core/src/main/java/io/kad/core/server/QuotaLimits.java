package io.kad.core.server;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;

/**
 * Limits of a host, of a network, or of one peer at a host.
 *
 * @param entries the limit of the number of entries
 * @param bytes the limit of their bytes
 */
record QuotaLimits(Limit entries, Limit bytes) {

    /** Part of the entries of a host that one peer gets: a quarter. Source: kad's choice. */
    static final int PEERS_PER_HOST = 4;

    /**
     * Limit of one thing.
     *
     * @param value the limit
     * @param unit the unit, with a blank before it; empty for entries
     * @param part the part of the option that it is, with a blank after it; empty for all of it
     * @param option the name of the option that sets it
     */
    record Limit(long value, String unit, String part, String option) {

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

    static QuotaLimits ofHosts(KademliaConfig config) {
        return new QuotaLimits(
                Limit.of(config.get(KademliaConfig.MAX_ENTRIES_PER_HOST), "", KademliaConfig.MAX_ENTRIES_PER_HOST),
                Limit.of(
                        config.get(KademliaConfig.MAX_ENTRY_BYTES_PER_HOST),
                        " bytes",
                        KademliaConfig.MAX_ENTRY_BYTES_PER_HOST));
    }

    static QuotaLimits ofNetworks(KademliaConfig config) {
        return new QuotaLimits(
                Limit.of(
                        config.get(KademliaConfig.MAX_ENTRIES_PER_NETWORK), "", KademliaConfig.MAX_ENTRIES_PER_NETWORK),
                Limit.of(
                        config.get(KademliaConfig.MAX_ENTRY_BYTES_PER_NETWORK),
                        " bytes",
                        KademliaConfig.MAX_ENTRY_BYTES_PER_NETWORK));
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
}
