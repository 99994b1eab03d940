package io.kad.core.metrics;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** State of which several gauges show a part: read once for all that are read within a second. Thread-safe. */
final class GaugeSource<T> {

    private static final long MAX_AGE_NANOS = 1_000_000_000;

    private final Reader<T> reader;
    private final LongSupplier nanoTime;
    private @Nullable T latest;
    private boolean known;
    private long nextReadNanos;

    /** Reader of a state, which may be that of a plug-in. */
    @FunctionalInterface
    interface Reader<T> {

        /** Returns the state now. */
        T read() throws Exception;
    }

    GaugeSource(Reader<T> reader, LongSupplier nanoTime) {
        this.reader = reader;
        this.nanoTime = nanoTime;
        this.nextReadNanos = nanoTime.getAsLong();
    }

    /** Returns the state; empty if it can't be read, such as that of a closed store. */
    synchronized Optional<T> now() {
        read();
        return known ? Optional.ofNullable(latest) : Optional.empty();
    }

    /** Returns the state, or the last one that could be read; empty if there was none. */
    synchronized Optional<T> latest() {
        read();
        return Optional.ofNullable(latest);
    }

    private void read() {
        long time = nanoTime.getAsLong();
        if (time - nextReadNanos < 0) {
            return;
        }
        nextReadNanos = time + MAX_AGE_NANOS;
        known = false;
        try {
            T state = reader.read();
            if (state != null) {
                latest = state;
                known = true;
            }
        } catch (Throwable unknown) {
            // the operations of the plug-in that is read report what is wrong with it
        }
    }
}
