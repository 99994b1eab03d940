package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import org.jspecify.annotations.Nullable;

/** Peer that a lookup may query, with the progress of its request. */
final class Candidate {

    /**
     * Progress of the request to a peer. It passes from {@code NOT_QUERIED} to {@code IN_FLIGHT}, then to {@code LATE}, {@code PRESUMED_DEAD} and
     * {@code PAST_MAX_WAIT} as it ages, and from each of these to {@code RESPONDED} or {@code FAILED} with its result, unless the lookup finishes
     * before. {@code SKIPPED} takes the place of {@code NOT_QUERIED}, and may go back to it.
     */
    enum State {
        /** Not queried. */
        NOT_QUERIED,
        /** Queried; holds a slot. */
        IN_FLIGHT,
        /** Queried; the soft timeout has passed. */
        LATE,
        /** Queried; more likely dead than slow. */
        PRESUMED_DEAD,
        /** Queried, and still outstanding; the max wait has passed. */
        PAST_MAX_WAIT,
        /** Responded, however late. */
        RESPONDED,
        /** Queried; the request failed. */
        FAILED,
        /**
         * Not queried, as its peer is backed off; {@code NOT_QUERIED} again if nobody else is left, no peer has responded and every request has
         * failed.
         */
        SKIPPED
    }

    final PeerId peer;
    final KadKey key;
    /** The smallest number of requests that lead to this peer, each to the peer that returned the next: 1 for a seed. */
    int hop;

    State state = State.NOT_QUERIED;
    /**
     * Time of sending. The engine keeps its own for the measurement of the request ({@code ResponseTimesTracker}), as that may run on when this
     * candidate is gone; both start at the sending, and stand still while the request is queued.
     */
    private long sentNanos;

    private @Nullable ResponseTimes responseTimes;
    /** Null if the request does not age. */
    private @Nullable WaitTimes waitTimes;

    private boolean queued;

    Candidate(PeerId peer, int hop) {
        this.peer = peer;
        this.key = peer.kadKey();
        this.hop = hop;
    }

    /** Changes the state to in flight. */
    void query(long nowNanos, @Nullable ResponseTimes times) {
        state = State.IN_FLIGHT;
        begin(nowNanos, times);
    }

    /** Stops the age of a request that is not sent yet, unless it is late already. */
    void queued() {
        if (state == State.IN_FLIGHT) {
            waitTimes = null;
            queued = true;
        }
    }

    /** Starts the age of a queued request, which is sent now. */
    void dequeued(long nowNanos, @Nullable ResponseTimes times) {
        if (queued) {
            queued = false;
            begin(nowNanos, times);
        }
    }

    private void begin(long nowNanos, @Nullable ResponseTimes times) {
        sentNanos = nowNanos;
        responseTimes = times;
        waitTimes = times == null ? null : times.waitTimes();
    }

    /** Makes a request late whose soft timeout has passed; returns whether it did. */
    boolean becomeLateIfDue(long nowNanos) {
        WaitTimes times = waitTimes;
        boolean expires = state == State.IN_FLIGHT && times != null && nowNanos - sentNanos >= times.softNanos();
        state = expires ? State.LATE : state;
        return expires;
    }

    /** Changes the state of a late request to the one that its age calls for; returns whether it is another one. */
    boolean updateStateByAge(long nowNanos) {
        WaitTimes times = waitTimes;
        if (times == null) {
            return false;
        }
        State before = state;
        long age = nowNanos - sentNanos;
        if (state == State.LATE && age >= times.presumedDeadNanos()) {
            state = State.PRESUMED_DEAD;
        }
        if (state == State.PRESUMED_DEAD && age >= maxWaitNanos(times, age)) {
            state = State.PAST_MAX_WAIT;
        }
        return state != before;
    }

    /** Returns the age at which a request is no longer waited for. */
    private long maxWaitNanos(WaitTimes times, long age) {
        return age < times.maxWaitNanos() || !hasExtendedMaxWait()
                ? times.maxWaitNanos()
                : times.extendedMaxWaitNanos();
    }

    private boolean hasExtendedMaxWait() {
        return responseTimes != null && responseTimes.isNetworkHealthy();
    }

    /** Returns the time of the next change of state without a result; {@link Long#MAX_VALUE} for none. Monotonic nanoseconds. */
    long deadlineNanos(long nowNanos) {
        WaitTimes times = waitTimes;
        if (times == null) {
            return Long.MAX_VALUE;
        }
        long wait = switch (state) {
            case IN_FLIGHT -> times.softNanos();
            case LATE -> times.presumedDeadNanos();
            case PRESUMED_DEAD -> maxWaitNanos(times, nowNanos - sentNanos);
            case NOT_QUERIED, PAST_MAX_WAIT, RESPONDED, FAILED, SKIPPED -> Long.MAX_VALUE;
        };
        return wait == Long.MAX_VALUE ? Long.MAX_VALUE : sentNanos + wait;
    }

    /** Returns the time at which the request is {@code nanos} old, in monotonic nanoseconds. */
    long timeAtAgeNanos(long nanos) {
        return sentNanos + nanos;
    }

    /** Returns whether nothing is expected of the peer, however close it is, so that others are queried in its place. */
    boolean isOutOfScope() {
        return state == State.PRESUMED_DEAD
                || state == State.PAST_MAX_WAIT
                || state == State.FAILED
                || state == State.SKIPPED;
    }

    /** Returns whether the request has neither a response nor failed, so that a response still counts. */
    boolean isOutstanding() {
        return isWithinMaxWait() || state == State.PAST_MAX_WAIT;
    }

    /** Returns whether the lookup still waits for the response: its max wait has not passed. */
    boolean isWithinMaxWait() {
        return state == State.IN_FLIGHT || state == State.LATE || state == State.PRESUMED_DEAD;
    }
}
