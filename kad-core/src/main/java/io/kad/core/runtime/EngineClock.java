package io.kad.core.runtime;

import java.util.function.LongSupplier;

/**
 * Monotonic time of the engine, which stands still while this peer is paused: by a suspended process, a stopped virtual machine, or a
 * collection of garbage.
 *
 * <p>A pause is noticed when the engine is called much later than its deadline. Otherwise all requests in flight would be late at once,
 * though their responses are waiting to be read, and their RTTs would contain the pause. After a pause, the time returned is the missed
 * deadline. Confined to one thread at a time.
 */
final class EngineClock {

    /** Delay of a call that is not yet a pause: 50 ms, as timers and threads of a busy machine are late by as much. */
    static final long MAX_DELAY_NANOS = 50_000_000;

    private final LongSupplier nanoTime;
    private long suspendedNanos;

    EngineClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Returns the time now.
     *
     * @param expectedByNanos the time at which the engine should have been called at the latest; {@link Long#MAX_VALUE} for none
     */
    long nowWithoutPauses(long expectedByNanos) {
        long now = nanoTime.getAsLong() - suspendedNanos;
        if (expectedByNanos == Long.MAX_VALUE || now - expectedByNanos <= MAX_DELAY_NANOS) {
            return now;
        }
        suspendedNanos += now - expectedByNanos;
        return expectedByNanos;
    }
}
