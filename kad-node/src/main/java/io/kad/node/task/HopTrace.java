package io.kad.node.task;

import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.PeerId;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Writer of the hops of a lookup: the peer that was queried, its distance, the response and the time. */
public final class HopTrace implements Flow.Subscriber<QueryEvent> {

    private final TaskContext context;
    private final Map<PeerId, QueryEvent.RequestSent> pending = new HashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    private HopTrace(TaskContext context) {
        this.context = context;
    }

    /** Waits for the result of {@code query} and writes its hops as they happen. */
    public static <T> T await(TaskContext context, Query<T> query) throws TaskFailure {
        HopTrace trace = follow(query, context);
        try {
            return context.await(query);
        } finally {
            trace.await();
        }
    }

    private static HopTrace follow(Query<?> query, TaskContext context) {
        HopTrace trace = new HopTrace(context);
        query.events().subscribe(trace);
        return trace;
    }

    /** Waits until the last hop is written. */
    private void await() {
        try {
            ended.await(context.deadline().remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
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

    private void hop(PeerId peer, String response, Duration elapsed) {
        QueryEvent.RequestSent request = pending.remove(peer);
        if (request != null) {
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
        ended.countDown();
    }

    @Override
    public void onComplete() {
        ended.countDown();
    }
}
