package io.kad.core.runtime;

import io.kad.api.spi.transport.Cancellable;

/** Runs a task later. Thread-safe. */
@FunctionalInterface
public interface Scheduler {

    /**
     * Runs {@code task} once {@code delayNanos} have passed, unless it is cancelled before.
     *
     * @param task returns at once and does not throw
     */
    Cancellable schedule(long delayNanos, Runnable task);
}
