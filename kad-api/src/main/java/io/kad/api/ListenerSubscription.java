package io.kad.api;

import static java.util.Objects.requireNonNull;

import io.kad.api.event.EventRegistration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** Subscriber that passes each event to a listener until it is closed. Pending events stay in the publisher's bounded buffer. */
final class ListenerSubscription<E> extends ClosableSubscriber<E> implements EventRegistration {

    private final Consumer<? super E> listener;

    private ListenerSubscription(Consumer<? super E> listener) {
        super(Long.MAX_VALUE);
        this.listener = requireNonNull(listener, "listener");
    }

    /** Subscribes {@code listener} to {@code events}. */
    static <E> EventRegistration of(Flow.Publisher<E> events, Consumer<? super E> listener) {
        ListenerSubscription<E> subscription = new ListenerSubscription<>(listener);
        events.subscribe(subscription);
        return subscription;
    }

    @Override
    public void onNext(E event) {
        if (!isClosed()) {
            listener.accept(event);
        }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
}
