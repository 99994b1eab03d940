package io.kad.tck;

import io.kad.api.spi.SpiContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** Contexts whose clock is not quite the one of the test. */
final class SteppedClocks {

    private SteppedClocks() {}

    /** Returns {@code context} with a clock that does not follow the wall clock back. */
    static SpiContext neverBack(SpiContext context) {
        AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);
        return with(context, () -> latest.accumulateAndGet(context.clock().instant(), (a, b) -> a.isAfter(b) ? a : b));
    }

    /** Returns {@code context} with a clock that is late by a nanosecond. */
    static SpiContext late(SpiContext context) {
        return with(context, () -> context.clock().instant().minusNanos(1));
    }

    /** Returns {@code context} with a clock that stands still. */
    static SpiContext still(SpiContext context) {
        Instant start = context.clock().instant();
        return with(context, () -> start);
    }

    private static SpiContext with(SpiContext context, InstantSource clock) {
        return new SpiContext(
                context.self(),
                clock,
                context.dataDirectory(),
                context.options(),
                context.executor(),
                context.listener());
    }
}
