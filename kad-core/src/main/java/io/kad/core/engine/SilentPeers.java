package io.kad.core.engine;

import io.kad.api.id.PeerId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Peers that did not answer the last requests to them. While others answered: if nobody does, the local peer is offline, and they are not to
 * blame. Confined to one thread at a time.
 */
final class SilentPeers {

    /** Limit of the peers that are remembered; the one that was silent the longest time ago is forgotten first. Source: kad's choice. */
    static final int MAX_PEERS = 4096;
    /** Requests in a row without an answer after which a peer gives its place in a full bucket away. Source: kad's choice. */
    static final int EVICTION_FAILURES = 2;

    private final Map<PeerId, Integer> failures = new LinkedHashMap<>();
    private long lastResponseNanos = Long.MIN_VALUE;

    /** Called when a peer has answered, or has accepted a message. */
    void responded(PeerId peer, long nowNanos) {
        lastResponseNanos = nowNanos;
        failures.remove(peer);
    }

    /** Called when a peer has not answered a request that was sent at {@code sentNanos}. */
    void silent(PeerId peer, long sentNanos) {
        if (lastResponseNanos < sentNanos) {
            return;
        }
        Integer before = failures.remove(peer);
        failures.put(peer, before == null ? 1 : before + 1);
        if (failures.size() > MAX_PEERS) {
            failures.remove(failures.keySet().iterator().next());
        }
    }

    /** Returns whether the peer did not answer the last request. */
    boolean isSilent(PeerId peer) {
        return failures.containsKey(peer);
    }

    /** Returns whether the peer was silent so often that another one may take its place. */
    boolean isReplaceable(PeerId peer) {
        return failures.getOrDefault(peer, 0) >= EVICTION_FAILURES;
    }
}
