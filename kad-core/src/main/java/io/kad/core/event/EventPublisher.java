package io.kad.core.event;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Publisher of events, which serves each subscriber at the rate of its requests.
 *
 * <p>Each subscription has a bounded buffer. Events that do not fit are dropped, except the last one. Subscribers are called on an
 * executor, one call at a time. Thread-safe.
 */
public final class EventPublisher<E> implements Flow.Publisher<E> {

    private final Executor executor;
    private final int buffer;
    private final List<EventSubscription<E>> subscriptions = new CopyOnWriteArrayList<>();
    private boolean closed;

    public EventPublisher(Executor executor, int buffer) {
        this.executor = executor;
        this.buffer = buffer;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super E> subscriber) {
        requireNonNull(subscriber, "subscriber");
        EventSubscription<E> subscription =
                new EventSubscription<>(subscriber, executor, buffer, subscriptions::remove);
        boolean completed;
        synchronized (this) {
            completed = closed;
            if (!completed) {
                subscriptions.add(subscription);
            }
        }
        subscription.begin();
        if (completed) {
            subscription.complete();
        }
    }

    /** Emits {@code event} to every subscription with room in its buffer. */
    public void emit(E event) {
        for (EventSubscription<E> subscription : subscriptions) {
            subscription.offer(event, false);
        }
    }

    /** Emits {@code last} to every subscription, even if its buffer is full, and completes; has no effect after completion. */
    public void complete(E last) {
        for (EventSubscription<E> subscription : end()) {
            subscription.offer(last, true);
            subscription.complete();
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
}
