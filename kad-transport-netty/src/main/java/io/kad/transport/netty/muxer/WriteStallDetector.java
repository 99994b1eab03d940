package io.kad.transport.netty.muxer;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Detector of a remote peer that does not read: bytes wait to be sent, without progress for some time. Confined to one event loop. */
public final class WriteStallDetector {

    private final EventExecutor executor;
    private final long timeoutNanos;
    private final BooleanSupplier hasPending;
    private final Runnable onStalled;
    private @Nullable Future<?> check;
    private long progressNanos;

    /**
     * Creates an idle detector.
     *
     * @param hasPending returns whether bytes wait to be sent
     * @param onStalled called after {@code timeout} without progress
     */
    public WriteStallDetector(
            EventExecutor executor, Duration timeout, BooleanSupplier hasPending, Runnable onStalled) {
        this.executor = executor;
        this.timeoutNanos = timeout.toNanos();
        this.hasPending = hasPending;
        this.onStalled = onStalled;
    }

    /**
     * Called when bytes are written: starts to watch, if it does not yet.
     *
     * @param othersWait whether earlier ones wait to be sent; if not, the timeout starts again
     */
    public void written(boolean othersWait) {
        if (check == null || !othersWait) {
            progressNanos = nanoTime();
        }
        if (check == null) {
            schedule(timeoutNanos);
        }
    }

    /** Starts the timeout again: called when the socket has taken bytes. */
    public void progressed() {
        progressNanos = nanoTime();
    }

    /** Stops to watch. */
    public void stop() {
        Future<?> scheduled = check;
        if (scheduled != null) {
            check = null;
            scheduled.cancel(false);
        }
    }

    private void check() {
        check = null;
        if (!hasPending.getAsBoolean()) {
            return;
        }
        long remaining = timeoutNanos - (nanoTime() - progressNanos);
        if (remaining <= 0) {
            onStalled.run();
        } else {
            schedule(remaining);
        }
    }

    private void schedule(long nanos) {
        check = executor.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
    }

    private long nanoTime() {
        return executor.ticker().nanoTime();
    }
}
