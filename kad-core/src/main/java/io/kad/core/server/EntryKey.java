package io.kad.core.server;

import io.kad.api.id.RecordKey;

/**
 * Key of an entry that a quota counts.
 *
 * @param id what the entry is found by, a part of a hash
 * @param key the key of the record or of the provider record
 * @param distance the first 64 bits of the distance of the key from the local peer, unsigned
 */
public record EntryKey(long id, RecordKey key, long distance) {

    /** Bytes of a key for which it counts once; keys are kept in memory as long as their entries are counted. Source: kad's choice, more than a key of IPNS or a CID has. */
    static final int BYTES_PER_COUNT = 128;

    /** Returns how many entries it counts for: 1, and 1 more for each further 128 bytes of its key. */
    int count() {
        return 1 + Math.max(0, key.bytes().size() - 1) / BYTES_PER_COUNT;
    }
}
