package io.kad.api;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Subscriber that can be closed at any time, even before its subscription has begun. Thread-safe. */
abstract class ClosableSubscriber<E> implements Flow.Subscriber<E> {

    private final long initialDemand;
    private volatile boolean closed;
    private volatile Flow.@Nullable Subscription subscription;

    /**
     * Creates a subscriber.
     *
     * @param initialDemand number of events that are requested at the beginning
     */
    ClosableSubscriber(long initialDemand) {
        this.initialDemand = initialDemand;
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (closed) {
            subscription.cancel();
        } else {
            subscription.request(initialDemand);
        }
    }

    /** Requests one more event. */
    final void requestOne() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    /** Cancels the subscription, now or when it begins; repeating it has no effect. */
    public void close() {
        closed = true;
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
