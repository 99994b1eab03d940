package io.kad.store.memory;

/**
 * Use of the quotas by one entry, or by all of them.
 *
 * @param local the amount that counts towards the quota of local records
 * @param remote the amount that counts towards the quota of remote records
 */
record Usage(Amount local, Amount remote) {

    static final Usage NONE = new Usage(Amount.NONE, Amount.NONE);

    /**
     * Amount in one of the two shares.
     *
     * @param keys the number of keys that have records in this share
     * @param records the number of records
     * @param bytes the heap that they occupy, estimated
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

    Usage minus(Usage other) {
        return new Usage(local.replace(other.local, Amount.NONE), remote.replace(other.remote, Amount.NONE));
    }

    int records() {
        return local.records + remote.records;
    }

    long bytes() {
        return local.bytes + remote.bytes;
    }
}
