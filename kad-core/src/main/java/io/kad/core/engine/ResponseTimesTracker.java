package io.kad.core.engine;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.ResponseTimes;
import io.kad.core.lookup.ResponseTimesSource;
import io.kad.core.lookup.WaitTimes;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tracker of the response times of requests: measures RTTs, and which requests have no response by their max wait. It has one window for
 * connected peers and one for peers that have to be dialled first. Confined to one thread at a time.
 */
final class ResponseTimesTracker implements ResponseTimesSource {

    private final RoutingTableMaintenance routing;
    private final long maxRttNanos;
    private final ResponseTimes connected;
    private final ResponseTimes needingDial;
    private final Map<RequestId, DeadlineQueue.Entry<TrackedRequest>> tracked = new HashMap<>();
    private final DeadlineQueue<TrackedRequest> deadlines = new DeadlineQueue<>();

    /** Request with the window that it counts in. Its wait times are those of its sending, as in the lookup that has sent it ({@code Candidate}). */
    private static final class TrackedRequest {
        private final OutboundRequest request;
        private final ResponseTimes window;
        private final WaitTimes times;
        private boolean pastMaxWait;
        /** Whether the extended max wait has passed, so that it was reported as unreached. */
        private boolean pastExtendedMaxWait;

        TrackedRequest(OutboundRequest request, ResponseTimes window) {
            this.request = request;
            this.window = window;
            this.times = window.waitTimes();
        }

        void onResponse(long rttNanos) {
            if (pastMaxWait) {
                window.addLateResponse(rttNanos);
            } else {
                window.addResponse(rttNanos);
            }
        }

        void onFailure(TransportFailure failure, long elapsedNanos) {
            if (pastMaxWait) {
                return;
            }
            switch (failure.kind()) {
                case TIMEOUT -> window.addNoResponse();
                case UNREACHABLE, CLOSED -> {
                    if (isPrompt(elapsedNanos)) {
                        window.addPromptFailure();
                    } else {
                        window.addNoResponse();
                    }
                }
                case REFUSED, WRONG_PEER, UNSUPPORTED, RESET, INVALID -> window.addPromptFailure();
                case OVERLOADED, GATED, TOO_LARGE, CANCELLED, BAD_ADDRESS, DEFECT -> {
                    // the local peer or its user was the cause
                }
            }
        }

        /** Returns whether a failure is sooner than that of a lost message. */
        boolean isPrompt(long elapsedNanos) {
            return elapsedNanos < times.softNanos();
        }

        /** Returns the max wait that has not passed yet, as a time; {@link Long#MAX_VALUE} for none. */
        long deadlineNanos() {
            long wait = pastMaxWait ? times.extendedMaxWaitNanos() : times.maxWaitNanos();
            return wait == Long.MAX_VALUE ? Long.MAX_VALUE : request.sentNanos() + wait;
        }

        void onMaxWait() {
            pastMaxWait = true;
            window.addNoResponse();
        }
    }

    ResponseTimesTracker(RoutingTableMaintenance routing, KademliaConfig config) {
        this.routing = routing;
        this.maxRttNanos = config.get(KademliaConfig.REQUEST_TIMEOUT).toNanos();
        ResponseTimes.Floors floors = new ResponseTimes.Floors(
                config.get(KademliaConfig.MIN_SOFT_TIMEOUT).toNanos(),
                config.get(KademliaConfig.MIN_MAX_WAIT).toNanos());
        this.connected = new ResponseTimes(floors);
        this.needingDial = new ResponseTimes(floors);
    }

    @Override
    public ResponseTimes responseTimes(PeerId peer) {
        return window(routing.isConnected(peer));
    }

    private ResponseTimes window(boolean isConnected) {
        return isConnected ? connected : needingDial;
    }

    /** Tracks a request that is sent now, if it has a response. */
    void track(OutboundRequest request) {
        if (!request.expectsResponse()) {
            return;
        }
        ResponseTimes window = window(request.wasConnected());
        DeadlineQueue.Entry<TrackedRequest> entry = deadlines.add(new TrackedRequest(request, window));
        tracked.put(request.id(), entry);
        deadlines.reschedule(entry, entry.item().deadlineNanos());
    }

    /** Records the RTT of a request that has a response. */
    void responded(OutboundRequest request, long nowNanos) {
        TrackedRequest completed = remove(request);
        if (completed != null) {
            completed.onResponse(Math.min(Math.max(0, nowNanos - request.sentNanos()), maxRttNanos));
        }
    }

    /**
     * Records a request that has failed; returns whether it was measured, which a message without a response is not, nor a request past its
     * extended max wait, whose peer was blamed for it then.
     */
    boolean failed(OutboundRequest request, TransportFailure failure, long nowNanos) {
        TrackedRequest completed = remove(request);
        if (completed == null) {
            return false;
        }
        completed.onFailure(failure, nowNanos - request.sentNanos());
        return !completed.pastExtendedMaxWait;
    }

    /** Stops to track a request, of which nothing more is known. */
    void stopTracking(OutboundRequest request) {
        remove(request);
    }

    private @Nullable TrackedRequest remove(OutboundRequest request) {
        DeadlineQueue.Entry<TrackedRequest> entry = tracked.remove(request.id());
        if (entry == null) {
            return null;
        }
        deadlines.remove(entry);
        return entry.item();
    }

    /** Returns whether a max wait of a request, be it the extended one, lies ahead. */
    boolean hasWaitDeadline(OutboundRequest request) {
        DeadlineQueue.Entry<TrackedRequest> entry = tracked.get(request.id());
        return entry != null && entry.deadlineNanos() != Long.MAX_VALUE;
    }

    /**
     * Records as without a response the requests whose max wait has passed, and passes to {@code onExtendedMaxWaitPassed} those whose extended
     * one has passed, too.
     */
    void checkWaits(long nowNanos, Consumer<OutboundRequest> onExtendedMaxWaitPassed) {
        while (deadlines.earliestNanos() <= nowNanos) {
            DeadlineQueue.Entry<TrackedRequest> entry = deadlines.earliest();
            TrackedRequest late = entry.item();
            if (late.pastMaxWait) {
                late.pastExtendedMaxWait = true;
                routing.countAgainstPeer(late.request, nowNanos);
                deadlines.reschedule(entry, Long.MAX_VALUE);
                onExtendedMaxWaitPassed.accept(late.request);
            } else {
                late.onMaxWait();
                deadlines.reschedule(entry, late.deadlineNanos());
            }
        }
    }

    long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }
}
