package io.kad.core.runtime;

import io.kad.api.spi.transport.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the engine at its next deadline, by one timer at a time.
 *
 * <p>When the deadline moves away the timer is left as it is: it rings for nothing and is set anew, which is cheaper than moving it
 * with each request that begins and ends. Thread-safe.
 */
final class DeadlineTimer {

    private static final long SHORTEST_NANOS = 1;

    private final Scheduler timer;
    private final Runnable onRing;
    private @Nullable Cancellable pending;
    private long pendingNanos = Long.MAX_VALUE;
    private long number;
    private boolean closed;

    /** Makes an alarm that is not set. */
    DeadlineTimer(Scheduler timer, Runnable onRing) {
        this.timer = timer;
        this.onRing = onRing;
    }

    /**
     * Rings at {@code deadlineNanos} or before, unless it is set to ring before that already.
     *
     * @param deadlineNanos {@link Long#MAX_VALUE} for never
     */
    synchronized void set(long deadlineNanos, long nowNanos) {
        if (closed || deadlineNanos >= pendingNanos) {
            return;
        }
        cancel();
        pendingNanos = deadlineNanos;
        long current = ++number;
        pending = timer.schedule(Math.max(SHORTEST_NANOS, deadlineNanos - nowNanos), () -> fire(current));
    }

    private void fire(long rung) {
        synchronized (this) {
            if (closed || rung != number) {
                return;
            }
            pending = null;
            pendingNanos = Long.MAX_VALUE;
        }
        onRing.run();
    }

    /** Rings no more. */
    synchronized void close() {
        closed = true;
        cancel();
    }

    private void cancel() {
        Cancellable before = pending;
        if (before != null) {
            before.cancel();
        }
        pending = null;
    }
}
