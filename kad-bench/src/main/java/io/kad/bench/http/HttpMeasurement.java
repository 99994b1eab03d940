package io.kad.bench.http;

import io.kad.bench.measure.Measurement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Requests of one run, and the bodies of the responses that succeeded. Thread-safe. */
final class HttpMeasurement {

    private static final long MAX_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Measurement requests;
    private final ConcurrentHistogram firstBytes = new ConcurrentHistogram(MAX_NANOS, 3);
    private final LongAdder bytes = new LongAdder();
    private final LongAdder lines = new LongAdder();

    /**
     * Creates an empty measurement.
     *
     * @param windowEnd time of {@code System.nanoTime} until which successes count for the rate
     */
    HttpMeasurement(long windowEnd) {
        requests = new Measurement(windowEnd);
    }

    /** Returns the requests. */
    Measurement requests() {
        return requests;
    }

    /**
     * Counts a response that succeeded and has ended now.
     *
     * @param since time of {@code System.nanoTime} when the request was sent
     * @param firstByteNanos time from then to the first byte of the body
     * @param found whether the body holds what was asked for
     */
    void succeeded(long since, long firstByteNanos, long bodyBytes, long bodyLines, boolean found) {
        requests.succeeded(since, found);
        firstBytes.recordValue(Math.min(MAX_NANOS, Math.max(0, firstByteNanos)));
        bytes.add(bodyBytes);
        lines.add(bodyLines);
    }

    /** Returns the times to the first byte of a body, in nanoseconds. */
    Histogram firstBytes() {
        return firstBytes.copy();
    }

    long bytes() {
        return bytes.sum();
    }

    long lines() {
        return lines.sum();
    }
}
