package io.kad.core.event;

import io.kad.api.Query;
import io.kad.api.event.QueryEvent;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Events of the queries of a peer, kept for the first subscriber of each query. They are freed with the handle of the query, or some time
 * after its end. If all events of the peer exceed the bound, the queries that ended first lose theirs first. Thread-safe.
 */
public final class QueryEventReplay {

    /** Time after the end of a query after which its events are freed. Source: kad's choice. */
    static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** When this many ended queries are held, those without a handle are removed. */
    private static final int MIN_PRUNED = 1024;

    private final Executor executor;
    private final Delay delay;
    private final LongSupplier nanoTime;
    private final EventBudget budget;
    /** Queries that have ended, earliest first, as weak references, so that dropping a handle frees its events. */
    private final Deque<Ended> ended = new ArrayDeque<>();

    private int pruneAt = MIN_PRUNED;
    private boolean scheduled;

    /** Runs a task after a delay in nanoseconds. */
    @FunctionalInterface
    public interface Delay {

        /** Runs {@code task} after {@code nanos}. */
        void after(long nanos, Runnable task);
    }

    private record Ended(WeakReference<EventPublisher<QueryEvent>> events, long freedNanos) {}

    /**
     * Creates the events of one peer.
     *
     * @param budget bounds the bytes of all events of the peer; those of queries that have ended make room when all is used
     * @param executor calls the subscribers
     * @param nanoTime the monotonic clock, in nanoseconds
     */
    public QueryEventReplay(EventBudget budget, Executor executor, Delay delay, LongSupplier nanoTime) {
        this.budget = budget;
        this.executor = executor;
        this.delay = delay;
        this.nanoTime = nanoTime;
        budget.reclaimBy(this::freeOldest);
    }

    /** Returns the publisher of a new query, which keeps its events for its first subscriber. */
    public EventPublisher<QueryEvent> newPublisher() {
        return EventPublisher.keeping(executor, QueryEventWeigher.INSTANCE, Query.EVENT_BUFFER_BYTES, budget);
    }

    /** Called when the query of {@code events} has ended. */
    public void ended(EventPublisher<QueryEvent> events) {
        if (!events.isKeeping()) {
            return;
        }
        synchronized (this) {
            ended.add(new Ended(new WeakReference<>(events), nanoTime.getAsLong() + KEPT_NANOS));
            if (ended.size() >= pruneAt) {
                ended.removeIf(query -> query.events().refersTo(null));
                pruneAt = Math.max(MIN_PRUNED, 2 * ended.size());
            }
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        schedule(KEPT_NANOS);
    }

    private void schedule(long nanos) {
        try {
            delay.after(nanos, this::free);
        } catch (RejectedExecutionException e) {
            // The peer is closed; the events are freed with their handles
        }
    }

    private void free() {
        long next = freeOld();
        if (next > 0) {
            schedule(next);
        }
    }

    /** Frees the events of the query that ended first; returns false if no query has ended. */
    private boolean freeOldest() {
        Ended oldest;
        synchronized (this) {
            oldest = ended.poll();
        }
        if (oldest == null) {
            return false;
        }
        free(oldest);
        return true;
    }

    private static void free(Ended query) {
        EventPublisher<QueryEvent> events = query.events().get();
        if (events != null) {
            events.free();
        }
    }

    /** Frees what has been kept long enough, and returns the delay until more has; 0 if nothing is left. */
    private synchronized long freeOld() {
        long now = nanoTime.getAsLong();
        Ended first = ended.peek();
        while (first != null && (first.freedNanos() <= now || first.events().refersTo(null))) {
            free(ended.remove());
            first = ended.peek();
        }
        scheduled = first != null;
        return first == null ? 0 : first.freedNanos() - now;
    }
}
