package io.kad.core.event;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * Hands events to subscribers, each at its own pace.
 *
 * <p>Each has a bounded buffer; what does not fit is dropped, but never the last event. Subscribers are called on an executor, one
 * call at a time. Thread-safe.
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
        boolean ended;
        synchronized (this) {
            ended = closed;
            if (!ended) {
                subscriptions.add(subscription);
            }
        }
        subscription.begin();
        if (ended) {
            subscription.complete();
        }
    }

    /** Hands {@code event} to every subscriber that has room. */
    public void publish(E event) {
        for (EventSubscription<E> subscription : subscriptions) {
            subscription.offer(event, false);
        }
    }

    /** Hands {@code last} to every subscriber, whether it has room or not, and ends; has no effect if it has ended. */
    public void complete(E last) {
        for (EventSubscription<E> subscription : end()) {
            subscription.offer(last, true);
            subscription.complete();
        }
    }

    /** Ends; repeating it has no effect. */
    public void complete() {
        end().forEach(EventSubscription::complete);
    }

    private synchronized List<EventSubscription<E>> end() {
        List<EventSubscription<E>> open = closed ? List.of() : List.copyOf(subscriptions);
        closed = true;
        return open;
    }
}
