package io.kad.core.future;

import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryPhase;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.result.QueryResult;
import io.kad.core.event.EventPublisher;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.query.QuerySpec;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Handle of a query for its user: result, events, statistics and cancellation. Thread-safe. */
public final class QueryHandle<T> implements Query<T> {

    private static final Set<QueryKind> STORING = EnumSet.of(QueryKind.PUT_RECORD, QueryKind.START_PROVIDING);

    private final QueryId id;
    private final QuerySpec spec;
    private final Executor callbackExecutor;
    private final Control control;
    private final QueryEventReplay eventReplay;
    private final QueryFuture<T> result;
    private final EventPublisher<QueryEvent> events;
    private final AtomicBoolean finishing = new AtomicBoolean();
    private volatile QueryStats stats = QueryStats.NONE;
    private final AtomicBoolean eventsEnded = new AtomicBoolean();
    private volatile QueryPhase phase = QueryPhase.START;
    private volatile int found;
    private final LongAdder eventCount = new LongAdder();

    /** Control of running queries. */
    public interface Control {

        /** Finishes the query with the results so far. */
        void finish(QueryId queryId);

        /** Cancels the query, because its user has completed or cancelled the result. */
        void cancel(QueryId queryId);
    }

    public QueryHandle(
            QueryId id, QuerySpec spec, Executor callbackExecutor, QueryEventReplay eventReplay, Control control) {
        this.id = id;
        this.spec = spec;
        this.callbackExecutor = callbackExecutor;
        this.control = control;
        this.eventReplay = eventReplay;
        this.events = eventReplay.newPublisher();
        this.result = new QueryFuture<>(this::cancelByUser);
    }

    private void cancelByUser() {
        control.cancel(id);
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
    public long droppedEvents() {
        return events.dropped();
    }

    @Override
    public void finish() {
        // Only the first call posts an event, so that repeated calls can't fill the mailbox
        if (!result.isDone() && finishing.compareAndSet(false, true)) {
            control.finish(id);
        }
    }

    /**
     * Called once the start of the query is posted: repeats a cancellation or finish that came before it. The query is visible to other users
     * of the peer a little earlier, and the engine ignores what comes before the start.
     */
    public void resendEarlyStop() {
        if (result.isDone()) {
            control.cancel(id);
        } else if (finishing.get()) {
            control.finish(id);
        }
    }

    @Override
    public void cancel() {
        result.cancel(false);
    }

    RunningQuery running() {
        Bytes key = spec.key();
        return new RunningQuery(id, kind(), key, phase, found, eventCount.sum(), stats);
    }

    /** Emits a step of the query. */
    public void emit(QueryEvent event, QueryStats soFar) {
        stats = soFar;
        eventCount.increment();
        updateProgress(event);
        if (event instanceof QueryEvent.Ended) {
            endEvents(event);
        } else {
            events.emit(event);
        }
    }

    /** Updates phase and number of findings. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // called by one thread at a time
    private void updateProgress(QueryEvent event) {
        if (event instanceof QueryEvent.RequestSent && phase == QueryPhase.START) {
            phase = spec.hasLookup() ? QueryPhase.LOOKUP : QueryPhase.STORE;
        } else if (event instanceof QueryEvent.Converged && STORING.contains(kind())) {
            phase = QueryPhase.STORE;
        } else if (event instanceof QueryEvent.RecordFound
                || event instanceof QueryEvent.ProviderFound
                || event instanceof QueryEvent.RecordStored) {
            found++;
        }
    }

    /** Completes the query; the engine pairs each kind of query with the type of its result. */
    @SuppressWarnings("unchecked")
    public void complete(QueryResult value) {
        completeResult((T) value, null);
    }

    /** Fails the query. */
    public void fail(Throwable failure) {
        completeResult(null, failure);
    }

    private void completeResult(@Nullable T value, @Nullable Throwable failure) {
        result.queryEnded();
        endEvents();
        callbackExecutor.execute(() -> result.completeWith(value, failure));
    }

    /** Completes the events, in case the engine did not: the query never reached it, or its user no longer waits for it. */
    private void endEvents() {
        endEvents(new QueryEvent.Ended(id, stats));
    }

    private void endEvents(QueryEvent ended) {
        if (eventsEnded.compareAndSet(false, true)) {
            events.complete(ended);
            eventReplay.ended(events);
        }
    }
}
