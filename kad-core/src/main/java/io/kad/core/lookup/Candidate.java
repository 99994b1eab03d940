package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;

/** A peer that a lookup has heard of. */
final class Candidate {

    /** Where a lookup stands with a peer; asked peers move on in this order, or straight to the end. */
    enum State {
        /** Not asked. */
        KNOWN,
        /** Asked, and there is still time to answer. */
        IN_FLIGHT,
        /** Asked, and late; an answer still counts. */
        OVERDUE,
        /** Answered. */
        ANSWERED,
        /** Asked, and the request failed. */
        FAILED
    }

    final PeerId peer;
    final KadKey key;
    int hop;
    State state = State.KNOWN;
    long sentNanos;
    /** When it becomes overdue while it is in flight; when it is no longer waited for once it is overdue. */
    long deadlineNanos;

    Candidate(PeerId peer, int hop) {
        this.peer = peer;
        this.key = peer.kadKey();
        this.hop = hop;
    }

    /** Returns whether it failed or is overdue, so that others are to be asked in its place. */
    boolean isMissing() {
        return state == State.OVERDUE || state == State.FAILED;
    }

    /** Returns whether it was asked and has neither answered nor failed. */
    boolean isWaiting() {
        return state == State.IN_FLIGHT || state == State.OVERDUE;
    }
}
