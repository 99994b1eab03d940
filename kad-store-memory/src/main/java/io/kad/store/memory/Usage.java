package io.kad.store.memory;

/**
 * What is held under one key, or under all of them, as the limits see it.
 *
 * @param local what counts for the share of this peer
 * @param remote what counts for the share of all others
 */
record Usage(Amount local, Amount remote) {

    static final Usage NONE = new Usage(Amount.NONE, Amount.NONE);

    /**
     * A part of a load.
     *
     * @param keys the keys that have something in this share
     * @param records the records
     * @param bytes their heap
     */
    record Amount(int keys, int records, long bytes) {

        static final Amount NONE = new Amount(0, 0, 0);

        Amount replace(Amount from, Amount to) {
            return new Amount(
                    keys - from.keys + to.keys, records - from.records + to.records, bytes - from.bytes + to.bytes);
        }
    }

    Usage plus(Usage other) {
        return new Usage(local.replace(Amount.NONE, other.local), remote.replace(Amount.NONE, other.remote));
    }

    int records() {
        return local.records + remote.records;
    }
}
