package io.kad.core.event;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One subscriber's buffer and demand. Follows the rules of Reactive Streams; thread-safe. */
final class EventSubscription<E> implements Flow.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(EventSubscription.class);

    private final Flow.Subscriber<? super E> subscriber;
    private final Executor executor;
    private final int capacity;
    private final Consumer<EventSubscription<E>> onEnd;
    private final Queue<E> waiting = new ArrayDeque<>();
    private @Nullable Throwable misuse;
    private long demand;
    private boolean begun;
    private boolean completed;
    private boolean ended;
    private boolean running;

    EventSubscription(
            Flow.Subscriber<? super E> subscriber,
            Executor executor,
            int capacity,
            Consumer<EventSubscription<E>> onEnd) {
        this.subscriber = subscriber;
        this.executor = executor;
        this.capacity = capacity;
        this.onEnd = onEnd;
    }

    /** Introduces the subscription to its subscriber, before anything else. */
    void begin() {
        schedule();
    }

    /** Takes {@code event} if there is room, or in any case if {@code always}. */
    void offer(E event, boolean always) {
        synchronized (this) {
            if (ended || completed || (waiting.size() >= capacity && !always)) {
                return;
            }
            waiting.add(event);
        }
        schedule();
    }

    /** Ends the subscription after what waits. */
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
                misuse = new IllegalArgumentException(
                        "a subscriber must request at least 1 event (Reactive Streams 3.9), not " + count);
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
            waiting.clear();
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
            } catch (RuntimeException fault) {
                LOG.warn("a subscriber failed, and gets no further events", fault);
                cancel();
            }
            next = next();
        }
    }

    /** Returns the next call to the subscriber, or null if there is none now. */
    private synchronized @Nullable Runnable next() {
        if (!ended && !begun) {
            begun = true;
            return () -> subscriber.onSubscribe(this);
        }
        Throwable wrong = misuse;
        if (!ended && wrong != null) {
            return end(() -> subscriber.onError(wrong));
        }
        if (!ended && demand > 0 && !waiting.isEmpty()) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            E event = waiting.remove();
            return () -> subscriber.onNext(event);
        }
        if (!ended && completed && waiting.isEmpty()) {
            return end(subscriber::onComplete);
        }
        running = false;
        return null;
    }

    private Runnable end(Runnable lastCall) {
        ended = true;
        waiting.clear();
        return () -> {
            onEnd.accept(this);
            lastCall.run();
        };
    }
}
