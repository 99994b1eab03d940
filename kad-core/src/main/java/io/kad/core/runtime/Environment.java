package io.kad.core.runtime;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Clocks, executors and random seed of a peer; a simulation supplies simulated ones. Thread-safe.
 *
 * @param engineExecutor runs the engine, one task of a peer at a time
 * @param storeExecutor runs calls to stores that may block
 * @param callbackExecutor runs callbacks of users
 * @param timer runs tasks after a delay
 * @param nanoTime the monotonic clock, in nanoseconds
 * @param wallClock the wall clock
 * @param seed the seed of every random choice of the engine
 */
public record Environment(
        Executor engineExecutor,
        Executor storeExecutor,
        Executor callbackExecutor,
        Scheduler timer,
        LongSupplier nanoTime,
        InstantSource wallClock,
        long seed) {

    public Environment {
        requireNonNull(engineExecutor, "engineExecutor");
        requireNonNull(storeExecutor, "storeExecutor");
        requireNonNull(callbackExecutor, "callbackExecutor");
        requireNonNull(timer, "timer");
        requireNonNull(nanoTime, "nanoTime");
        requireNonNull(wallClock, "wallClock");
    }

    /** Returns this environment with another executor for the callbacks of users. */
    public Environment withCallbackExecutor(Executor executor) {
        return new Environment(engineExecutor, storeExecutor, executor, timer, nanoTime, wallClock, seed);
    }
}
