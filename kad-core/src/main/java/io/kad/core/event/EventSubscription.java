package io.kad.core.event;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Subscription of one subscriber, with its buffer and its demand. Follows the rules of Reactive Streams. Thread-safe. */
final class EventSubscription<E> implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(EventSubscription.class);

    private final Flow.Subscriber<? super E> subscriber;
    private final Executor executor;
    private final Consumer<EventSubscription<E>> onEnd;
    private final EventBuffer<E> buffer;
    private @Nullable Throwable invalidRequest;
    private long demand;
    private boolean subscribed;
    private boolean completed;
    private boolean ended;
    private boolean running;

    EventSubscription(
            Flow.Subscriber<? super E> subscriber,
            Executor executor,
            EventBuffer<E> buffer,
            Consumer<EventSubscription<E>> onEnd) {
        this.subscriber = subscriber;
        this.executor = executor;
        this.buffer = buffer;
        this.onEnd = onEnd;
    }

    /** Calls {@code onSubscribe}. Called once, before all other methods. */
    void begin() {
        schedule();
    }

    /** Adds {@code event} if the buffer has room. */
    void offer(E event) {
        synchronized (this) {
            if (ended || completed) {
                return;
            }
            buffer.offer(event);
        }
        schedule();
    }

    /** Adds {@code last} in any case, and completes the subscription after it. */
    void complete(E last) {
        synchronized (this) {
            if (!ended && !completed) {
                buffer.addLast(last);
            }
        }
        complete();
    }

    /** Completes the subscription after the buffered events. */
    void complete() {
        synchronized (this) {
            completed = true;
        }
        schedule();
    }

    @Override
    public void request(long count) {
        synchronized (this) {
            if (count <= 0) {
                invalidRequest =
                        new IllegalArgumentException("request must be at least 1 (Reactive Streams 3.9), got " + count);
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            }
        }
        schedule();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            ended = true;
            buffer.clear();
        }
        onEnd.accept(this);
    }

    private void schedule() {
        synchronized (this) {
            if (running || ended) {
                return;
            }
            running = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        Runnable next = next();
        while (next != null) {
            try {
                next.run();
            } catch (Throwable fault) {
                LOG.warn("subscriber failed and receives no further events", fault);
                cancel();
            }
            next = next();
        }
    }

    /** Returns the next call to the subscriber; null if there is none now. */
    private synchronized @Nullable Runnable next() {
        if (!ended && !subscribed) {
            subscribed = true;
            return () -> subscriber.onSubscribe(this);
        }
        Throwable error = invalidRequest;
        if (!ended && error != null) {
            return end(() -> subscriber.onError(error));
        }
        if (!ended && demand > 0 && !buffer.isEmpty()) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            E event = buffer.remove();
            return () -> subscriber.onNext(event);
        }
        if (!ended && completed && buffer.isEmpty()) {
            return end(subscriber::onComplete);
        }
        running = false;
        return null;
    }

    private Runnable end(Runnable lastCall) {
        ended = true;
        buffer.clear();
        return () -> {
            onEnd.accept(this);
            lastCall.run();
        };
    }
}
