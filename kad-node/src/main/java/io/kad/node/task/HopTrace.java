package io.kad.node.task;

import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** Writer of the hops of a lookup: the peer that was queried, its distance, the response and the time. */
public final class HopTrace implements Flow.Subscriber<QueryEvent> {

    private final TaskContext context;
    private final Map<PeerId, QueryEvent.RequestSent> pending = new HashMap<>();
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private boolean stopped;

    private HopTrace(TaskContext context) {
        this.context = context;
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
        HopTrace trace = new HopTrace(context);
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
            hop(response.peer(), response.closerPeers().size() + " closer peers", response.elapsed());
        } else if (event instanceof QueryEvent.RequestFailed failed) {
            hop(failed.peer(), failed.failure().toString(), failed.elapsed());
        }
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
