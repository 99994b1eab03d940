package io.kad.wire.message;

/**
 * Limits for decoding one message.
 *
 * <p>Entries count whether they are usable or not, because refusing an invalid one costs more than decoding a valid
 * one. Not thread-safe.
 */
final class DecodeBudget {

    /** Limit of unusable entries; beyond it the remaining peers of a message are ignored. kad's choice. */
    static final int MAX_UNUSABLE_ENTRIES = 1024;
    /**
     * Decoded addresses of a peer for each one that is kept; more than one, because some may be unusable. kad's choice.
     */
    static final int READ_FACTOR = 4;

    private final int maxAddressesKept;
    private int unusableEntries;

    DecodeBudget(int maxAddressesKept) {
        this.maxAddressesKept = maxAddressesKept;
    }

    int maxAddressesKept() {
        return maxAddressesKept;
    }

    int maxAddressesRead() {
        return maxAddressesKept * READ_FACTOR;
    }

    void countUnusable() {
        unusableEntries++;
    }

    boolean isExhausted() {
        return unusableEntries >= MAX_UNUSABLE_ENTRIES;
    }
}
