package io.kad.core.event;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;

/** A subscriber that keeps what it is told and asks for as much as a test wants. */
public final class RecordingSubscriber<E> implements Flow.Subscriber<E> {

    public final List<E> events = new ArrayList<>();
    public final List<String> signals = new ArrayList<>();
    public Flow.Subscription subscription;
    Throwable error;
    private final long initialDemand;

    public RecordingSubscriber(long initialDemand) {
        this.initialDemand = initialDemand;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        signals.add("subscribe");
        this.subscription = subscription;
        if (initialDemand > 0) {
            subscription.request(initialDemand);
        }
    }

    @Override
    public void onNext(E event) {
        signals.add("next");
        events.add(event);
    }

    @Override
    public void onError(Throwable failure) {
        signals.add("error");
        error = failure;
    }

    @Override
    public void onComplete() {
        signals.add("complete");
    }
}
