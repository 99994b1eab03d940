package io.kad.api;

import io.kad.api.event.QueryEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * A query under way: its progress, its answer, and the power to end it.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the answer
 */
public interface Query<T> {

    /** Returns the name of this query. */
    QueryId id();

    /** Returns what this query is for. */
    QueryKind kind();

    /**
     * Returns the future answer; the same future at each call.
     *
     * <p>It always completes: with the answer, or exceptionally with a {@link KadException}. Cancelling it, or letting it time
     * out by {@code orTimeout}, cancels the query. It is completed on the callback executor of the peer.
     */
    CompletableFuture<T> result();

    /**
     * Returns the steps of this query, from the next one on.
     *
     * <p>Each subscriber has a buffer of its own of {@value #EVENT_BUFFER} events; when it is full, further events are dropped,
     * never the last one. The stream completes after {@link QueryEvent.Finished}.
     */
    Flow.Publisher<QueryEvent> events();

    /** Returns what this query has cost so far. */
    QueryStats stats();

    /**
     * Ends the query early and keeps what it has: the answer is made of what was found so far.
     *
     * <p>A query that stores goes on to store at the peers found so far.
     */
    void finish();

    /** Gives the query up: its requests are cancelled and {@link #result()} is cancelled. */
    void cancel();

    /** The number of events that are kept for a subscriber that has not asked for them yet. */
    int EVENT_BUFFER = 256;
}
