package io.kad.core.engine;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.lookup.LookupTimeouts;
import io.kad.core.lookup.ResponseTimes;
import io.kad.core.lookup.WaitTimes;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tracker of requests without a result: measures RTTs, and which requests are silent. It has one window for connected peers and one for
 * peers that have to be dialled first. Confined to one thread at a time.
 */
final class RequestTracker implements LookupTimeouts {

    private final RoutingTableMaintenance routing;
    private final ResponseTimes connected;
    private final ResponseTimes dialled;
    private final Map<RequestId, DeadlineQueue.Entry<TrackedRequest>> tracked = new HashMap<>();
    private final DeadlineQueue<TrackedRequest> deadlines = new DeadlineQueue<>();

    /** Request with the window that it counts in. */
    private static final class TrackedRequest {
        private final ResponseTimes window;
        private final long softTimeoutNanos;
        private boolean silent;

        TrackedRequest(ResponseTimes window, long softTimeoutNanos) {
            this.window = window;
            this.softTimeoutNanos = softTimeoutNanos;
        }

        void onResponse(long rttNanos) {
            if (silent) {
                window.addLateResponse(rttNanos);
            } else {
                window.addResponse(rttNanos);
            }
        }

        void onFailure(TransportFailure failure, long elapsedNanos) {
            if (silent) {
                return;
            }
            switch (failure.kind()) {
                case TIMEOUT -> window.addSilence();
                case UNREACHABLE, CLOSED -> {
                    if (elapsedNanos < softTimeoutNanos) {
                        window.addPromptFailure();
                    } else {
                        window.addSilence();
                    }
                }
                case WRONG_PEER, UNSUPPORTED, RESET, INVALID -> window.addPromptFailure();
                case OVERLOADED, TOO_LARGE, CANCELLED, BAD_ADDRESS -> {
                    // the local peer or its user was the cause
                }
            }
        }

        void onMaxWait() {
            silent = true;
            window.addSilence();
        }
    }

    RequestTracker(RoutingTableMaintenance routing, KademliaConfig config) {
        this.routing = routing;
        ResponseTimes.Floors floors = new ResponseTimes.Floors(
                config.get(KademliaConfig.MIN_SOFT_TIMEOUT).toNanos(),
                config.get(KademliaConfig.MIN_MAX_WAIT).toNanos());
        this.connected = new ResponseTimes(floors);
        this.dialled = new ResponseTimes(floors);
    }

    @Override
    public ResponseTimes of(PeerId peer) {
        return window(routing.isConnected(peer));
    }

    private ResponseTimes window(boolean isConnected) {
        return isConnected ? connected : dialled;
    }

    /** Tracks a request that is sent now. */
    void track(OutboundRequest request) {
        ResponseTimes window = window(request.connected());
        WaitTimes times = window.waitTimes();
        DeadlineQueue.Entry<TrackedRequest> entry = deadlines.add(new TrackedRequest(window, times.softNanos()));
        tracked.put(request.id(), entry);
        if (times.maxWaitNanos() != Long.MAX_VALUE) {
            deadlines.reschedule(entry, request.sentNanos() + times.maxWaitNanos());
        }
    }

    /** Records the RTT of a request that has a response. */
    void responded(OutboundRequest request, long nowNanos) {
        TrackedRequest completed = remove(request);
        if (completed != null) {
            completed.onResponse(Math.max(0, nowNanos - request.sentNanos()));
        }
    }

    /** Records a request that has failed. */
    void failed(OutboundRequest request, TransportFailure failure, long nowNanos) {
        TrackedRequest completed = remove(request);
        if (completed != null) {
            completed.onFailure(failure, nowNanos - request.sentNanos());
        }
    }

    /** Stops to track a request, of which nothing more is known. */
    void forget(OutboundRequest request) {
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

    /** Records as silent the requests whose max wait has passed. */
    void expire(long nowNanos) {
        while (deadlines.earliestNanos() <= nowNanos) {
            DeadlineQueue.Entry<TrackedRequest> entry = deadlines.earliest();
            entry.item().onMaxWait();
            deadlines.reschedule(entry, Long.MAX_VALUE);
        }
    }

    long nextDeadlineNanos() {
        return deadlines.earliestNanos();
    }
}
