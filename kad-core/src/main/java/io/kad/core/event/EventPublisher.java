package io.kad.core.event;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publisher of events, which serves each subscriber at the rate of its requests.
 *
 * <p>Each subscription has a buffer that is bounded by bytes. Events that do not fit are dropped and counted, except the last one.
 * Subscribers are called on an executor, one call at a time. Thread-safe.
 */
public final class EventPublisher<E> implements Flow.Publisher<E> {

    private final Executor executor;
    private final EventWeigher<E> weigher;
    private final long maxBytes;
    private final EventBudget budget;
    private final List<EventSubscription<E>> subscriptions = new CopyOnWriteArrayList<>();
    private final AtomicLong dropped = new AtomicLong();
    /** Events for the first subscriber; null once there is one, or if none are kept. */
    private volatile @Nullable EventBuffer<E> kept;

    private boolean closed;

    /**
     * Creates a publisher whose subscribers receive the events from the moment of their subscription.
     *
     * @param maxBytes the bytes that each buffer may use
     * @param budget the bytes that all buffers may use
     */
    public EventPublisher(Executor executor, EventWeigher<E> weigher, long maxBytes, EventBudget budget) {
        this.executor = executor;
        this.weigher = weigher;
        this.maxBytes = maxBytes;
        this.budget = budget;
    }

    /** Returns a publisher that keeps events for its first subscriber, until {@link #free}. */
    static <E> EventPublisher<E> keeping(
            Executor executor, EventWeigher<E> weigher, long maxBytes, EventBudget budget) {
        EventPublisher<E> publisher = new EventPublisher<>(executor, weigher, maxBytes, budget);
        publisher.kept = publisher.newBuffer();
        return publisher;
    }

    private EventBuffer<E> newBuffer() {
        return new EventBuffer<>(weigher, maxBytes, budget, dropped);
    }

    @Override
    public void subscribe(Flow.Subscriber<? super E> subscriber) {
        requireNonNull(subscriber, "subscriber");
        EventSubscription<E> subscription;
        boolean completed;
        synchronized (this) {
            EventBuffer<E> first = kept;
            EventBuffer<E> buffer = first == null ? newBuffer() : first;
            subscription = new EventSubscription<>(subscriber, executor, buffer, subscriptions::remove);
            completed = closed;
            if (!completed) {
                subscriptions.add(subscription);
            }
            kept = null; // last: an event is for one of them at all times
        }
        subscription.begin();
        if (completed) {
            subscription.complete();
        }
    }

    /** Emits {@code event} to every subscription with room in its buffer. */
    public void emit(E event) {
        if (kept == null && subscriptions.isEmpty()) {
            return; // a peer serves each request with an event, and often nobody listens
        }
        synchronized (this) {
            EventBuffer<E> first = kept;
            if (closed) {
                return;
            } else if (first != null) {
                first.offer(event);
                return;
            }
        }
        for (EventSubscription<E> subscription : subscriptions) {
            subscription.offer(event);
        }
    }

    /** Emits {@code last} to every subscription, even if its buffer is full, and completes; has no effect after completion. */
    public void complete(E last) {
        List<EventSubscription<E>> active;
        synchronized (this) {
            EventBuffer<E> first = kept;
            if (first != null && !closed) {
                first.addLast(last);
            }
            active = end();
        }
        for (EventSubscription<E> subscription : active) {
            subscription.complete(last);
        }
    }

    /** Completes every subscription; later calls have no effect. */
    public void complete() {
        end().forEach(EventSubscription::complete);
    }

    private synchronized List<EventSubscription<E>> end() {
        List<EventSubscription<E>> active = closed ? List.of() : List.copyOf(subscriptions);
        closed = true;
        return active;
    }

    /** Returns whether events are kept for the first subscriber. */
    synchronized boolean isKeeping() {
        return kept != null;
    }

    /** Frees the events that are kept for the first subscriber. */
    synchronized void free() {
        EventBuffer<E> first = kept;
        if (first != null) {
            first.clear();
            kept = null;
        }
    }

    /** Returns the budget that the buffers share. */
    public EventBudget budget() {
        return budget;
    }

    /** Returns the number of events that were dropped so far, of all subscribers together. */
    public long dropped() {
        return dropped.get();
    }
}
