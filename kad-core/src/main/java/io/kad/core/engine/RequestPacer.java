package io.kad.core.engine;

import io.kad.api.id.PeerId;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.RequestId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Pacer of requests: delays requests while too many to the same peer are in flight, so that the load of the local peer does not count as
 * slowness or failure of a remote one. Confined to one thread at a time.
 *
 * <p>While few requests are outstanding in total, nothing is counted.
 */
final class RequestPacer {

    /**
     * Limit of requests in flight to one peer. If too low, a connection is not used fully; if too high, requests fill the limits of the
     * transport. Source: four times the 32 requests that rust-libp2p serves concurrently on one connection.
     */
    static final int MAX_IN_FLIGHT = 128;

    /** Requests that were sent and have no result, while the requests are not counted by peer. */
    private final Map<RequestId, PeerId> sent = new HashMap<>();

    private final Map<PeerId, Line> lines = new HashMap<>();
    private boolean counting;
    private int waitingCount;

    /** Requests to one peer. */
    private static final class Line {
        private int inFlight;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
    }

    /** Request that waits to be sent, with its sending. */
    private record Waiting(OutboundRequest request, Consumer<OutboundRequest> send) {}

    /** Sends {@code request} by {@code send}, now or once fewer requests to its peer are in flight. */
    void send(OutboundRequest request, Consumer<OutboundRequest> send) {
        if (!counting && sent.size() >= MAX_IN_FLIGHT) {
            counting = true;
            sent.values().forEach(peer -> line(peer).inFlight++);
        }
        if (counting) {
            Line line = line(request.peer());
            if (line.inFlight >= MAX_IN_FLIGHT) {
                request.onDelayed();
                line.waiting.add(new Waiting(request, send));
                waitingCount++;
                return;
            }
            line.inFlight++;
        }
        sent.put(request.id(), request.peer());
        send.accept(request);
    }

    private Line line(PeerId peer) {
        return lines.computeIfAbsent(peer, key -> new Line());
    }

    /** Returns whether {@code request} waits to be sent. */
    boolean isWaiting(OutboundRequest request) {
        Line line = waitingCount == 0 ? null : lines.get(request.peer());
        return line != null && line.waiting.stream().anyMatch(waiting -> waiting.request() == request);
    }

    /** Removes a request that has a result, is abandoned or is cancelled, and sends the next one to its peer. */
    void remove(OutboundRequest request) {
        if (sent.remove(request.id()) == null) {
            removeWaiting(request);
            return;
        }
        if (counting) {
            Line line = line(request.peer());
            line.inFlight--;
            sendNext(line);
            if (line.inFlight == 0) {
                lines.remove(request.peer());
            }
            if (waitingCount == 0 && sent.size() < MAX_IN_FLIGHT / 2) {
                counting = false;
                lines.clear();
            }
        }
    }

    private void sendNext(Line line) {
        Waiting next = line.waiting.poll();
        if (next != null) {
            waitingCount--;
            line.inFlight++;
            sent.put(next.request().id(), next.request().peer());
            next.send().accept(next.request());
        }
    }

    private void removeWaiting(OutboundRequest request) {
        Line line = waitingCount == 0 ? null : lines.get(request.peer());
        if (line != null && line.waiting.removeIf(waiting -> waiting.request() == request)) {
            waitingCount--;
        }
    }
}
