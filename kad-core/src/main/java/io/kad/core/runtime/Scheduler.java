package io.kad.core.runtime;

import io.kad.api.spi.transport.Cancellable;

/** Scheduler of tasks that run after a delay. Thread-safe. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Runs {@code task} after {@code delayNanos}, unless it is cancelled before.
     *
     * @param delayNanos delay in nanoseconds, at least 1
     *
     * @param task the task; it must not block or throw
     */
    Cancellable schedule(long delayNanos, Runnable task);
}
