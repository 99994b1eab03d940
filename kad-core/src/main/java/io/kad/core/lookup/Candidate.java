package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;

/** Peer that a lookup may query, with the progress of its request. */
final class Candidate {

    /** Progress of the request to a peer: the states in this order, of which any may be skipped. */
    enum State {
        /** Not queried. */
        KNOWN,
        /** Queried; the soft timeout has not passed. */
        IN_FLIGHT,
        /** Queried; the soft timeout has passed, and a late response is still used. */
        OVERDUE,
        /** Responded. */
        ANSWERED,
        /** Queried; the request failed. */
        FAILED
    }

    final PeerId peer;
    final KadKey key;
    /** The length of the shortest known path: 1 for a seed, else one more than the peer that returned it. */
    int hop;

    State state = State.KNOWN;
    long sentNanos;
    /** The soft timeout while the request is in flight; the max wait when that has passed. Monotonic nanoseconds. */
    long deadlineNanos;

    Candidate(PeerId peer, int hop) {
        this.peer = peer;
        this.key = peer.kadKey();
        this.hop = hop;
    }

    /** Returns whether the request failed or exceeded the soft timeout, so that others are queried in its place. */
    boolean isMissing() {
        return state == State.OVERDUE || state == State.FAILED;
    }

    /** Returns whether the request has neither a response nor failed. */
    boolean isWaiting() {
        return state == State.IN_FLIGHT || state == State.OVERDUE;
    }
}
