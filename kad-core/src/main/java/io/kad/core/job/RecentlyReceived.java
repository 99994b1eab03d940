package io.kad.core.job;

import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import java.util.HashSet;
import java.util.Set;

/**
 * Keys of the records that another peer stored here since the previous run. That peer has stored them at all of the closest peers, so this
 * peer need not replicate them (Kademlia paper, section 2.5). Confined to one thread at a time.
 */
final class RecentlyReceived {

    /** Limit of the keys that are kept, about 4 MB. Records with further keys are replicated once more than needed. */
    static final int MAX_KEYS = 32_768;

    private Set<KadKey> sinceLastRun = new HashSet<>();
    private Set<KadKey> beforeThisRun = Set.of();

    /** Adds the key of a received record. */
    void add(KadKey key) {
        if (sinceLastRun.size() < MAX_KEYS) {
            sinceLastRun.add(key);
        }
    }

    /** Starts a run, which skips the records that were received until now. */
    void begin() {
        beforeThisRun = sinceLastRun;
        sinceLastRun = new HashSet<>();
    }

    /** Returns whether the record of {@code key} was received between the previous run and this one, or during this one. */
    boolean contains(RecordKey key) {
        return beforeThisRun.contains(key.kadKey()) || sinceLastRun.contains(key.kadKey());
    }
}
