package io.kad.node.task;

import io.kad.api.Query;
import io.kad.api.QueryKind;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Writer of the hops of a query: the peer that was queried, its distance, the response and the time. A put asks a peer for closer ones, asks it
 * again to store the record, and, if it refuses, reads what it has instead; each of these requests is a line that says what it was.
 */
public final class HopTrace implements Flow.Subscriber<QueryEvent> {

    private final TaskContext context;
    private final Map<PeerId, QueryEvent.RequestSent> pending = new HashMap<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    /** Number of requests to each peer that have ended, of a put at the closest peers, whose first request to a peer is one of its lookup; empty for any other. */
    private final Optional<Map<PeerId, Integer>> requestsEnded;

    private boolean stopped;

    private HopTrace(TaskContext context, QueryKind kind) {
        this.context = context;
        this.requestsEnded = kind == QueryKind.PUT_RECORD ? Optional.of(new HashMap<>()) : Optional.empty();
    }

    /** Waits for the result of {@code query} and writes its hops as they happen. */
    public static <T> T await(TaskContext context, Query<T> query) throws TaskFailure {
        return context.await(result(context, query));
    }

    /**
     * Writes the hops of {@code query} as they happen, and returns the future of its result, which completes after the last hop is written. If
     * the future is cancelled, so is the query, and no further hop is written.
     */
    static <T> CompletableFuture<T> result(TaskContext context, Query<T> query) {
        HopTrace trace = new HopTrace(context, query.kind());
        query.events().subscribe(trace);
        CompletableFuture<T> result =
                trace.ended.thenCompose(ended -> query.result().copy());
        var unused = result.whenComplete((value, failure) -> {
            if (result.isCancelled()) {
                trace.stop();
                query.cancel();
            }
        });
        return result;
    }

    private synchronized void stop() {
        stopped = true;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(QueryEvent event) {
        if (event instanceof QueryEvent.RequestSent request) {
            pending.put(request.peer(), request);
        } else if (event instanceof QueryEvent.ResponseReceived response) {
            int count = response.closerPeers().size();
            hop(
                    response.peer(),
                    switch (requestTo(response.peer())) {
                        case LOOKUP -> count + (count == 1 ? " closer peer" : " closer peers");
                        case STORE -> "stored";
                        case READ -> "read, as it did not store";
                    },
                    response.elapsed());
        } else if (event instanceof QueryEvent.RequestFailed failed) {
            String failure = failed.failure().toString();
            hop(
                    failed.peer(),
                    switch (requestTo(failed.peer())) {
                        case LOOKUP -> failure;
                        case STORE -> "not stored: " + failure;
                        case READ -> "not read: " + failure;
                    },
                    failed.elapsed());
        }
    }

    /** Purpose of a request, in the order of the requests to one peer. */
    private enum Purpose {
        LOOKUP,
        STORE,
        READ
    }

    /** Returns what the request to {@code peer} that has just ended was for. */
    private Purpose requestTo(PeerId peer) {
        int number =
                requestsEnded.map(ended -> ended.merge(peer, 1, Integer::sum)).orElse(1);
        return Purpose.values()[Math.min(number, Purpose.values().length) - 1];
    }

    private synchronized void hop(PeerId peer, String response, Duration elapsed) {
        QueryEvent.RequestSent request = pending.remove(peer);
        if (request != null && !stopped) {
            context.emit(OutputLine.line("hop")
                    .put("hop", request.hop())
                    .put("peerId", peer.toString())
                    .put("distance", request.distance().toString())
                    .put("distanceLog2", request.distance().log2())
                    .put("answer", response)
                    .put("millis", OutputLine.millis(elapsed)));
        }
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(false);
    }

    @Override
    public void onComplete() {
        ended.complete(true);
    }
}
