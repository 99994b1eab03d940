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
 * <p>A query runs without its handle: dropping the handle does not cancel it. It ends with its result, with a {@link KadException}, by {@link
 * #finish}, by {@link #cancel}, or after {@link KademliaConfig#QUERY_TIMEOUT}. All methods may be called from any thread, and none blocks,
 * except reading {@link #eventStream}.
 *
 * <pre>{@code
 * Query<GetRecordResult> query = kad.getRecord(RecordKey.utf8("/app/x"), Quorum.one());
 * query.onEvent(System.out::println);
 * query.result().thenAccept(result -> System.out.println(result.record()));
 * }</pre>
 *
 * @param <T> type of the result
 */
public interface Query<T> {

    /** Returns the ID of this query. */
    QueryId id();

    /** Returns the kind of this query. */
    QueryKind kind();

    /**
     * Returns the future of the result; the same future at each call.
     *
     * <p>It completes on the callback executor of the peer: with the result, or exceptionally with a {@link KadException}, whose subclass
     * states whether a retry can succeed. Cancelling it, completing it, or a timeout set by {@code orTimeout} cancels the query.
     */
    CompletableFuture<T> result();

    /**
     * Returns a publisher of the events of this query.
     *
     * <p>The first subscriber receives all events from the start of the query, even if it subscribes after the end; the events are kept for
     * it until the handle is dropped, or 60 s after the end. Further subscribers receive the events from the moment of their subscription.
     *
     * <p>Events that wait for the demand of a subscriber are bounded: {@value #EVENT_BUFFER_BYTES} bytes for each subscriber, and
     * {@value Kademlia#MAX_EVENT_BYTES} bytes for all events of the peer and its queries. Beyond that, events are dropped and counted
     * ({@link #droppedEvents}): progress before records and providers, and never the last event. The publisher completes after
     * {@link QueryEvent.Ended}.
     */
    Flow.Publisher<QueryEvent> events();

    /**
     * Calls {@code listener} for each event of this query, one call at a time on the callback executor, until the registration is closed or
     * the query ends. The first listener also receives earlier events, as the first subscriber of {@link #events} does.
     *
     * <p>The listener has the buffer of a subscriber of {@link #events}: events are dropped, except the last one, if the listener is too
     * slow. A listener that throws is logged and not called again.
     */
    default EventRegistration onEvent(Consumer<? super QueryEvent> listener) {
        return ListenerSubscription.of(events(), listener);
    }

    /**
     * Returns the events of this query, as a sequential stream that blocks for each event and ends with the query. If it is the first
     * subscription to the events, it starts with the earlier ones, as a subscriber of {@link #events} does.
     *
     * <p>The stream has the buffer of a subscriber of {@link #events}: events are dropped, except the last one, if it is read too slowly.
     * Close the stream, from any thread, to end it and its subscription; that does not cancel the query. It must not be read on the callback
     * executor, which delivers its events. If the reading thread is interrupted, reading throws {@link
     * java.util.concurrent.CancellationException}.
     *
     * <pre>{@code
     * try (Stream<QueryEvent> events = query.eventStream()) {
     *     events.forEach(System.out::println);
     * }
     * }</pre>
     */
    default Stream<QueryEvent> eventStream() {
        return EventReader.streamOf(events());
    }

    /** Returns the number of events of this query that were dropped so far, of all subscribers together. */
    long droppedEvents();

    /** Returns the cost of this query so far. */
    QueryStats stats();

    /**
     * Completes the query early with the results so far.
     *
     * <p>A put or provide still stores at the peers found so far. If the results are too few, such as without any record, {@link #result}
     * fails as at the end of the lookup. It has no effect on a query that has ended.
     */
    void finish();

    /**
     * Cancels the query, its requests and {@link #result()}, which then fails with {@link java.util.concurrent.CancellationException}. A put
     * in progress may have been stored at some peers. It has no effect on a query that has ended.
     */
    void cancel();

    /** Limit of the bytes of events that wait for one subscriber. Source: kad's choice. */
    int EVENT_BUFFER_BYTES = 64 * 1024;
}
