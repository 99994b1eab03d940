package io.kad.core.future;

import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.QueryEvent;
import io.kad.api.result.QueryResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Running queries of users, by ID. Thread-safe. */
public final class RunningQueries {

    private final Map<QueryId, QueryHandle<?>> byId = new ConcurrentHashMap<>();
    private final QueryObserver observer;
    private volatile boolean closed;

    /** Creates the queries of one peer, none yet. */
    public RunningQueries(QueryObserver observer) {
        this.observer = observer;
    }

    /** Adds {@code query}, or fails it if the peer is closed; returns whether it may start. */
    public boolean add(QueryHandle<?> query) {
        byId.put(query.id(), query);
        if (closed) {
            fail(query.id(), PendingFutures.closedException());
        }
        return !closed;
    }

    /** Removes a query whose user has completed or cancelled the result. */
    public void remove(QueryId queryId) {
        QueryHandle<?> removed = byId.remove(queryId);
        if (removed != null) {
            observer.onCancel(removed.kind(), removed.stats());
        }
    }

    /** Emits a step of a query; ignored if the query is not running. */
    public void emit(QueryEvent event, QueryStats stats) {
        QueryHandle<?> query = byId.get(event.query());
        if (query != null) {
            query.emit(event, stats);
            observer.onEvent(query.kind(), event, stats);
        }
    }

    /** Completes a query; ignored if it is not running. */
    public void complete(QueryId id, QueryResult result) {
        QueryHandle<?> query = byId.remove(id);
        if (query != null) {
            end(query, Optional.empty(), () -> query.complete(result));
        }
    }

    /** Fails a query; ignored if it is not running. */
    public void fail(QueryId id, Throwable failure) {
        QueryHandle<?> query = byId.remove(id);
        if (query != null) {
            end(query, Optional.of(failure), () -> query.fail(failure));
        }
    }

    /** Reports the end of a query, then completes its future, whatever the observer does. */
    private void end(QueryHandle<?> query, Optional<Throwable> failure, Runnable completion) {
        try {
            observer.onEnd(query.kind(), query.stats(), failure);
        } finally {
            completion.run();
        }
    }

    public List<RunningQuery> running() {
        return byId.values().stream().map(QueryHandle::running).toList();
    }

    public Optional<Query<?>> find(QueryId id) {
        @Nullable QueryHandle<?> query = byId.get(id);
        return Optional.ofNullable(query);
    }

    /** Fails every query with {@link io.kad.api.KadException.Closed}, and from now on each new one. */
    public void close() {
        closed = true;
        for (QueryId id : byId.keySet()) {
            fail(id, PendingFutures.closedException());
        }
    }
}
