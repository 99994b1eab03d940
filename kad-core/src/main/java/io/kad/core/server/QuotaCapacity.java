package io.kad.core.server;

/**
 * Capacity of a store for remote entries, of which address ranges have shares.
 *
 * @param entries the number of entries
 * @param bytes their bytes
 */
record QuotaCapacity(long entries, long bytes) {

    /** Returns the part of the capacity that so many entries and bytes take: of the number or of the bytes, whichever is more. */
    double share(long usedEntries, long usedBytes) {
        return Math.max((double) usedEntries / Math.max(1, entries), (double) usedBytes / Math.max(1, bytes));
    }
}
