package io.kad.core.future;

import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.QueryEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The queries of users that have not ended. Thread-safe. */
public final class RunningQueries {

    private final Map<QueryId, QueryHandle<?>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Takes {@code query}, which fails if the peer is closed; returns whether it may begin. */
    public boolean add(QueryHandle<?> query) {
        open.put(query.id(), query);
        if (closed) {
            fail(query.id(), PendingFutures.closedException());
        }
        return !closed;
    }

    /** Forgets a query whose user wants no answer any more. */
    public void remove(QueryId query) {
        open.remove(query);
    }

    /** Takes a step of a query. */
    public void report(QueryEvent event, QueryStats stats) {
        QueryHandle<?> query = open.get(event.query());
        if (query != null) {
            query.report(event, stats);
        }
    }

    /** Completes a query. */
    public void complete(QueryId id, Object answer) {
        QueryHandle<?> query = open.remove(id);
        if (query != null) {
            query.complete(answer);
        }
    }

    /** Fails a query. */
    public void fail(QueryId id, Throwable failure) {
        QueryHandle<?> query = open.remove(id);
        if (query != null) {
            query.fail(failure);
        }
    }

    public List<RunningQuery> running() {
        return open.values().stream().map(QueryHandle::running).toList();
    }

    public Optional<Query<?>> find(QueryId id) {
        @Nullable QueryHandle<?> query = open.get(id);
        return Optional.ofNullable(query);
    }

    /** Fails every query with {@link io.kad.api.KadException.Closed}, and from now on each new one. */
    public void close() {
        closed = true;
        for (QueryId id : open.keySet()) {
            fail(id, PendingFutures.closedException());
        }
    }
}
