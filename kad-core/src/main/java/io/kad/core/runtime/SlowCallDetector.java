package io.kad.core.runtime;

import io.kad.core.plugin.FailClosedGate;
import io.kad.core.plugin.RunningCalls;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stopwatch for the calls of one plug-in on threads that others wait for, such as those of the engine and of the network. It logs one
 * warning, when a call takes longer than {@link #LIMIT} for the second time. The first time may be due to class loading, or to a pause of
 * the machine. Thread-safe.
 *
 * <p>A call that has not returned is found by {@link RunningCalls}, which knows all calls.
 *
 * <p>Two readings of the clock cost about as much as a call of a store in memory. So for stores and transports only the first
 * {@value #ALL_MEASURED} calls are measured, and later one of {@value #SAMPLE}. A store that blocks does so repeatedly, and is detected soon enough.
 */
final class SlowCallDetector implements FailClosedGate.Watch {

    /** Time that a call may take. */
    static final Duration LIMIT = Duration.ofMillis(100);
    /** Number of calls, from the first, that are all measured. */
    static final int ALL_MEASURED = 1024;
    /** Number of later calls of which one is measured; a power of 2. */
    static final int SAMPLE = 64;

    /** Number of the slow call that is reported. */
    private static final int REPORTED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SlowCallDetector.class);
    private static final long NOT_MEASURED = Long.MIN_VALUE;

    private final Clock clock;
    private final Class<?> plugin;
    private final boolean samples;
    private final String advice;
    private final AtomicInteger slowCalls = new AtomicInteger();
    /** Number of calls. Updated without a lock, because a lost update does no harm. */
    private int calls;

    private SlowCallDetector(Clock clock, Class<?> plugin, boolean samples, String advice) {
        this.clock = clock;
        this.plugin = plugin;
        this.samples = samples;
        this.advice = advice;
    }

    /**
     * Monotonic clock of a peer, with the calls that are running, and the end of the last slow call of each thread, for which a surrounding call must
     * not be blamed.
     */
    static final class Clock {

        private final LongSupplier nanoTime;
        private final RunningCalls running = new RunningCalls();
        private final ThreadLocal<Long> slowCallEnded = ThreadLocal.withInitial(() -> Long.MIN_VALUE);

        Clock(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
        }

        /** Names the plug-ins whose calls were running at the last look too. */
        void lookAtRunningCalls() {
            running.look();
        }
    }

    /** Returns the detector of a store that declares its calls as non-blocking. */
    static SlowCallDetector ofStore(Clock clock, Object store) {
        return new SlowCallDetector(
                clock,
                store.getClass(),
                true,
                "if the store waits for a disk, a network or a lock, mayBlock() should return true");
    }

    /** Returns the detector of a validator. All its calls are measured, so that the store call around a slow one is not blamed. */
    static SlowCallDetector ofValidator(Clock clock, Object validator) {
        return new SlowCallDetector(clock, validator.getClass(), false, "a validator must be fast and must not do I/O");
    }

    /** Returns the detector of a connection gate. All its calls are measured, as they are few. */
    static SlowCallDetector ofGate(Clock clock, Object gate) {
        return new SlowCallDetector(clock, gate.getClass(), false, "a connection gate must not block");
    }

    /** Returns the detector of a transport. */
    static SlowCallDetector ofTransport(Clock clock, Object transport) {
        return new SlowCallDetector(clock, transport.getClass(), true, "a transport must not block");
    }

    @Override
    public long begin() {
        clock.running.begin(plugin);
        if (samples) {
            int number = calls + 1;
            calls = number == Integer.MAX_VALUE ? ALL_MEASURED : number;
            if ((number > ALL_MEASURED && number % SAMPLE != 0) || slowCalls.get() >= REPORTED) {
                return NOT_MEASURED;
            }
        }
        return clock.nanoTime.getAsLong();
    }

    @Override
    public void end(String method, long start) {
        clock.running.end();
        if (start != NOT_MEASURED) {
            long end = clock.nanoTime.getAsLong();
            if (end - start > LIMIT.toNanos()) {
                slow(method, start, end);
            }
        }
    }

    private void slow(String method, long start, long end) {
        boolean causedByNestedCall = clock.slowCallEnded.get() > start;
        clock.slowCallEnded.set(end);
        if (!causedByNestedCall && slowCalls.incrementAndGet() == REPORTED) {
            LOG.warn(
                    "{}.{} took {} ms and blocked other work; {}",
                    plugin.getName(),
                    method,
                    Duration.ofNanos(end - start).toMillis(),
                    advice);
        }
    }
}
