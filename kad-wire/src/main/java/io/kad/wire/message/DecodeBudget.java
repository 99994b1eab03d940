package io.kad.wire.message;

/**
 * Budget for decoding one message: limits, and the number of unusable entries so far.
 *
 * <p>Unusable entries are limited in addition to the usable ones, because refusing an invalid one costs more than
 * decoding a valid one. Not thread-safe.
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
