package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** What a user holds of a query. Thread-safe. */
final class QueryHandle<T> implements Query<T> {

    private static final QueryStats NOTHING_YET = new QueryStats(0, 0, 0, 0, Duration.ZERO);

    private final QueryId id;
    private final QueryKind kind;
    private final Bytes key;
    private final Executor callbackExecutor;
    private final Consumer<QueryId> onFinish;
    private final QueryFuture<T> result;
    private final EventPublisher<QueryEvent> events;
    private volatile QueryStats stats = NOTHING_YET;

    /**
     * Makes the handle of a query that begins.
     *
     * @param onFinish asks the engine to end the query with what it has
     * @param onAbandon asks the engine to give it up, as its result was completed from outside
     */
    QueryHandle(
            QueryId id,
            QueryKind kind,
            Bytes key,
            Executor callbackExecutor,
            Consumer<QueryId> onFinish,
            Consumer<QueryId> onAbandon) {
        this.id = id;
        this.kind = kind;
        this.key = key;
        this.callbackExecutor = callbackExecutor;
        this.onFinish = onFinish;
        this.result = new QueryFuture<>(() -> onAbandon.accept(id));
        this.events = new EventPublisher<>(callbackExecutor, EVENT_BUFFER);
    }

    @Override
    public QueryId id() {
        return id;
    }

    @Override
    public QueryKind kind() {
        return kind;
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
        onFinish.accept(id);
    }

    @Override
    public void cancel() {
        result.cancel(false);
    }

    RunningQuery running() {
        return new RunningQuery(id, kind, key, stats);
    }

    /** Takes a step of the query. */
    void report(QueryEvent event, QueryStats soFar) {
        stats = soFar;
        if (event instanceof QueryEvent.Finished) {
            events.complete(event);
        } else {
            events.publish(event);
        }
    }

    /** Takes the answer; the query pairs each kind of handle with its kind of result. */
    @SuppressWarnings("unchecked")
    void complete(Object answer) {
        events.complete();
        callbackExecutor.execute(() -> result.completeFromWithin((T) answer, null));
    }

    /** Takes the failure. */
    void fail(KadException failure) {
        events.complete();
        callbackExecutor.execute(() -> result.completeFromWithin(null, failure));
    }
}
