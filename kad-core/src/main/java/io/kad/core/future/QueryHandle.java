package io.kad.core.future;

import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.core.event.EventPublisher;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a user holds of a query. Thread-safe. */
public final class QueryHandle<T> implements Query<T> {

    private static final QueryStats NOTHING_YET = new QueryStats(0, 0, 0, 0, Duration.ZERO);

    private final QueryId id;
    private final QuerySpec spec;
    private final Executor callbackExecutor;
    private final Control control;
    private final QueryFuture<T> result;
    private final EventPublisher<QueryEvent> events;
    private final AtomicBoolean finishing = new AtomicBoolean();
    private volatile QueryStats stats = NOTHING_YET;
    private final LongAdder steps = new LongAdder();

    /** What a user can do to a running query. */
    public interface Control {

        /** Ends the query with what it has. */
        void finish(QueryId query);

        /** Gives it up, as its result is known to its user otherwise. */
        void abandon(QueryId query);
    }

    public QueryHandle(QueryId id, QuerySpec spec, Executor callbackExecutor, Control control) {
        this.id = id;
        this.spec = spec;
        this.callbackExecutor = callbackExecutor;
        this.control = control;
        this.events = new EventPublisher<>(callbackExecutor, EVENT_BUFFER);
        this.result = new QueryFuture<>(this::abandon);
    }

    private void abandon() {
        control.abandon(id);
        endEvents();
    }

    @Override
    public QueryId id() {
        return id;
    }

    @Override
    public QueryKind kind() {
        return spec.kind();
    }

    @Override
    public CompletableFuture<T> result() {
        return result;
    }

    @Override
    public Flow.Publisher<QueryEvent> events() {
        return events;
    }

    @Override
    public QueryStats stats() {
        return stats;
    }

    @Override
    public void finish() {
        // Once, or a user who repeats it would fill the mailbox
        if (!result.isDone() && finishing.compareAndSet(false, true)) {
            control.finish(id);
        }
    }

    @Override
    public void cancel() {
        result.cancel(false);
    }

    RunningQuery running() {
        Bytes key = spec.key();
        return new RunningQuery(id, kind(), key, steps.sum(), stats);
    }

    /** Takes a step of the query. */
    public void report(QueryEvent event, QueryStats soFar) {
        stats = soFar;
        steps.increment();
        if (event instanceof QueryEvent.Finished) {
            events.complete(event);
        } else {
            events.publish(event);
        }
    }

    /** Takes the answer; the engine pairs each kind of query with its kind of result. */
    @SuppressWarnings("unchecked")
    public void complete(Object answer) {
        settle((T) answer, null);
    }

    /** Takes the failure. */
    public void fail(Throwable failure) {
        settle(null, failure);
    }

    private void settle(@Nullable T answer, @Nullable Throwable failure) {
        result.ended();
        endEvents();
        callbackExecutor.execute(() -> result.settle(answer, failure));
    }

    /** Has no effect if the engine has said that the query is finished, as it does of each that began. */
    private void endEvents() {
        events.complete(new QueryEvent.Finished(id, stats));
    }
}
