package io.kad.core.job;

import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import java.util.HashSet;
import java.util.Set;

/**
 * The keys whose records somebody else has just stored here, and so at all of the closest peers: one of them does it, and the others
 * need not (Kademlia paper, section 2.5).
 */
final class RecentlyReceived {

    /** How many keys are remembered; records of further ones are replicated once more than needed. About 4 MB. */
    static final int MAX_KEYS = 32_768;

    private Set<KadKey> sinceLastRun = new HashSet<>();
    private Set<KadKey> beforeThisRun = Set.of();

    /** Notes that a record was received. */
    void add(RecordKey key) {
        if (sinceLastRun.size() < MAX_KEYS) {
            sinceLastRun.add(key.kadKey());
        }
    }

    /** Begins a run, which passes over what was received until now. */
    void begin() {
        beforeThisRun = sinceLastRun;
        sinceLastRun = new HashSet<>();
    }

    /** Returns whether the record of {@code key} was received between the run before and this one, or during this one. */
    boolean contains(RecordKey key) {
        return beforeThisRun.contains(key.kadKey()) || sinceLastRun.contains(key.kadKey());
    }
}
