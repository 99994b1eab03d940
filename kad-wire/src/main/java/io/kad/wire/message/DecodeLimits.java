package io.kad.wire.message;

/**
 * How much of one message is looked at.
 *
 * <p>Entries count whether they are usable or not, since refusing a broken one costs more than reading a good one.
 */
final class DecodeLimits {

    /** How many unusable entries a message may have before the rest of its peers is ignored; ours. */
    static final int MAX_UNUSABLE_ENTRIES = 1024;
    /** How many addresses of a peer are looked at, for each that may be kept; ours, for peers with addresses we can't use. */
    static final int READ_FACTOR = 4;

    private final int addressesKept;
    private int unusable;

    DecodeLimits(int addressesKept) {
        this.addressesKept = addressesKept;
    }

    int maxAddressesKept() {
        return addressesKept;
    }

    int maxAddressesRead() {
        return addressesKept * READ_FACTOR;
    }

    void countUnusable() {
        unusable++;
    }

    boolean isExhausted() {
        return unusable >= MAX_UNUSABLE_ENTRIES;
    }
}
