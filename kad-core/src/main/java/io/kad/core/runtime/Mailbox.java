package io.kad.core.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Takes messages from any thread and handles them one at a time, in order, on an executor.
 *
 * <p>No thread of its own: it asks the executor for a turn when there is something to do, and gives it back after {@value
 * #MESSAGES_PER_TURN} messages, so that many of them share few threads fairly. What waits is bounded by the senders: outcomes by
 * what was asked for, transport events by connections, and commands of users by {@link #post}'s limit.
 */
final class Mailbox<M> {

    /** Messages that are handled before others get their turn. */
    static final int MESSAGES_PER_TURN = 64;

    private final Executor executor;
    private final Consumer<M> handler;
    private final Queue<M> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Mailbox(Executor executor, Consumer<M> handler) {
        this.executor = executor;
        this.handler = handler;
    }

    /** Takes {@code message}, unless {@code limit} or more are waiting; returns whether it did. */
    boolean post(M message, int limit) {
        if (waiting.get() >= limit) {
            return false;
        }
        post(message);
        return true;
    }

    /** Takes {@code message}. */
    void post(M message) {
        messages.add(message);
        if (waiting.getAndIncrement() == 0) {
            executor.execute(this::turn);
        }
    }

    private void turn() {
        int handled = 0;
        while (handled < MESSAGES_PER_TURN) {
            M message = messages.poll();
            if (message == null) {
                break;
            }
            handled++;
            handler.accept(message);
        }
        if (waiting.addAndGet(-handled) > 0) {
            executor.execute(this::turn);
        }
    }
}
