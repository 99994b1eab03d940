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
 * Queue of requests for each peer: a request waits while too many to its peer are in flight, so that the load of the local peer does not count as
 * slowness or failure of a remote one. Confined to one thread at a time.
 *
 * <p>While few requests are outstanding in total, nothing is counted.
 */
final class PeerRequestQueues {

    /**
     * Limit of requests in flight to one peer. If too low, a connection is not used fully; if too high, requests fill the limits of the
     * transport. Source: four times the 32 requests that rust-libp2p serves concurrently on one connection.
     */
    static final int MAX_IN_FLIGHT = 128;

    /** Requests that were handed to the transport and are neither completed, cancelled nor detached. */
    private final Map<RequestId, PeerId> sent = new HashMap<>();

    private final Map<PeerId, PeerQueue> peerQueues = new HashMap<>();
    private final Consumer<OutboundRequest> send;
    private boolean countingPerPeer;
    private int waitingCount;

    /** Requests to one peer. */
    private static final class PeerQueue {
        private int inFlight;
        private final Deque<OutboundRequest> waiting = new ArrayDeque<>();
    }

    /** Creates empty queues that send requests by {@code send}. */
    PeerRequestQueues(Consumer<OutboundRequest> send) {
        this.send = send;
    }

    /** Sends {@code request} now, or once fewer requests to its peer are in flight. */
    void submit(OutboundRequest request) {
        if (!countingPerPeer && sent.size() >= MAX_IN_FLIGHT) {
            countingPerPeer = true;
            sent.values().forEach(peer -> peerQueue(peer).inFlight++);
        }
        if (countingPerPeer) {
            PeerQueue peerQueue = peerQueue(request.peer());
            if (peerQueue.inFlight >= MAX_IN_FLIGHT) {
                request.onQueued();
                peerQueue.waiting.add(request);
                waitingCount++;
                return;
            }
            peerQueue.inFlight++;
        }
        sent.put(request.id(), request.peer());
        send.accept(request);
    }

    private PeerQueue peerQueue(PeerId peer) {
        return peerQueues.computeIfAbsent(peer, key -> new PeerQueue());
    }

    /**
     * Removes a request that has a result, is detached or is cancelled, and sends the next one to its peer. Returns whether it was still waiting to
     * be sent.
     */
    boolean remove(OutboundRequest request) {
        if (sent.remove(request.id()) == null) {
            return removeWaiting(request);
        }
        if (countingPerPeer) {
            PeerQueue peerQueue = peerQueue(request.peer());
            peerQueue.inFlight--;
            sendNext(peerQueue);
            if (peerQueue.inFlight == 0) {
                peerQueues.remove(request.peer());
            }
            if (waitingCount == 0 && sent.size() < MAX_IN_FLIGHT / 2) {
                countingPerPeer = false;
                peerQueues.clear();
            }
        }
        return false;
    }

    private void sendNext(PeerQueue peerQueue) {
        OutboundRequest next = peerQueue.waiting.poll();
        if (next != null) {
            waitingCount--;
            peerQueue.inFlight++;
            sent.put(next.id(), next.peer());
            send.accept(next);
        }
    }

    private boolean removeWaiting(OutboundRequest request) {
        PeerQueue peerQueue = waitingCount == 0 ? null : peerQueues.get(request.peer());
        boolean waited = peerQueue != null && peerQueue.waiting.remove(request);
        waitingCount -= waited ? 1 : 0;
        return waited;
    }
}
