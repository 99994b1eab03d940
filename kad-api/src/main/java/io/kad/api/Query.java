package io.kad.api;

import io.kad.api.event.EventRegistration;
import io.kad.api.event.QueryEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Handle of a running query: result, progress events, cancellation.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the type of the result
 */
public interface Query<T> {

    /** Returns the ID of this query. */
    QueryId id();

    /** Returns the kind of this query. */
    QueryKind kind();

    /**
     * Returns the future result; the same future at each call.
     *
     * <p>It always completes on the callback executor of the peer: with the result, or exceptionally with a {@link KadException}. A
     * caller who cancels it, completes it or lets it time out by {@code orTimeout} cancels the query.
     */
    CompletableFuture<T> result();

    /**
     * Returns a publisher of the steps of this query from the moment of subscription.
     *
     * <p>Each subscriber has a separate buffer of {@value #EVENT_BUFFER} events; when it is full, further events are dropped, never the
     * last one. The publisher completes after {@link QueryEvent.Finished}.
     */
    Flow.Publisher<QueryEvent> events();

    /**
     * Calls {@code listener} for each step of this query from now on, one call at a time on the callback executor, until the registration
     * is closed or the query ends.
     *
     * <p>It is a subscriber of {@link #events}, with its buffer: steps that come faster than the listener handles them are dropped, never
     * the last one. A listener that throws is logged and not called again.
     */
    default EventRegistration onEvent(Consumer<? super QueryEvent> listener) {
        return ListenerSubscription.of(events(), listener);
    }

    /**
     * Returns the steps of this query from now on, as a sequential stream that waits for each step and ends with the query; it is empty if
     * the query has ended.
     *
     * <p>It is a subscriber of {@link #events}, with its buffer: steps that come faster than the stream is read are dropped, never the last
     * one. Close the stream, from any thread, to end it and its subscription; that does not cancel the query. It must not be read on the
     * callback executor, which it waits for. If the reading thread is interrupted, reading throws {@link
     * java.util.concurrent.CancellationException}.
     *
     * <pre>{@code
     * try (Stream<QueryEvent> steps = query.eventStream()) {
     *     steps.forEach(System.out::println);
     * }
     * }</pre>
     */
    default Stream<QueryEvent> eventStream() {
        return EventReader.streamOf(events());
    }

    /** Returns the cost of this query so far. */
    QueryStats stats();

    /**
     * Completes the query early with the results so far.
     *
     * <p>A query that stores goes on to store at the peers found so far.
     */
    void finish();

    /** Cancels the query, its requests and {@link #result()}. */
    void cancel();

    /** Number of events that are buffered for a subscriber that has not requested them yet. */
    int EVENT_BUFFER = 256;
}
