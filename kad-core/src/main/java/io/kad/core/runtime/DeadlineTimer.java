package io.kad.core.runtime;

import io.kad.api.spi.transport.Cancellable;
import org.jspecify.annotations.Nullable;

/**
 * Timer of the engine for its next deadline, with at most one scheduled task.
 *
 * <p>If the deadline moves to a later time, the task stays as it is. It then fires too early and is scheduled again, which is cheaper than
 * a new task for each request. Thread-safe.
 */
final class DeadlineTimer {

    private static final long MIN_DELAY_NANOS = 1;

    private final Scheduler timer;
    private final Runnable onDeadline;
    private @Nullable Cancellable pending;
    private long pendingNanos = Long.MAX_VALUE;
    private long number;
    private boolean closed;

    /** Creates a timer without a deadline. */
    DeadlineTimer(Scheduler timer, Runnable onDeadline) {
        this.timer = timer;
        this.onDeadline = onDeadline;
    }

    /**
     * Fires at {@code deadlineNanos} or earlier.
     *
     * @param deadlineNanos monotonic time in nanoseconds; {@link Long#MAX_VALUE} for never
     */
    synchronized void set(long deadlineNanos, long nowNanos) {
        if (closed || deadlineNanos >= pendingNanos) {
            return;
        }
        cancel();
        pendingNanos = deadlineNanos;
        long current = ++number;
        pending = timer.schedule(Math.max(MIN_DELAY_NANOS, deadlineNanos - nowNanos), () -> fire(current));
    }

    private void fire(long taskNumber) {
        synchronized (this) {
            if (closed || taskNumber != number) {
                return;
            }
            pending = null;
            pendingNanos = Long.MAX_VALUE;
        }
        onDeadline.run();
    }

    /** Stops the timer; it does not fire any more. */
    synchronized void close() {
        closed = true;
        cancel();
    }

    private void cancel() {
        Cancellable previous = pending;
        if (previous != null) {
            previous.cancel();
        }
        pending = null;
    }
}
