package io.kad.bench.measure;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Latencies and errors of the requests of one run. Thread-safe. */
public final class Measurement {

    private static final long MAX_LATENCY_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final ConcurrentHistogram latencies = new ConcurrentHistogram(MAX_LATENCY_NANOS, SIGNIFICANT_DIGITS);
    private final LongAdder missed = new LongAdder();
    private final LongAdder inWindow = new LongAdder();
    private final ConcurrentMap<String, LongAdder> errors = new ConcurrentHashMap<>();
    private final long windowEnd;

    /**
     * Creates an empty measurement.
     *
     * @param windowEnd time of {@code System.nanoTime} until which successes count for the rate
     */
    public Measurement(long windowEnd) {
        this.windowEnd = windowEnd;
    }

    /**
     * Counts a request that succeeded now.
     *
     * @param since time of {@code System.nanoTime} when it was sent or, in an open loop, when it was to be sent
     * @param found whether the response held what was asked for
     */
    public void succeeded(long since, boolean found) {
        long now = System.nanoTime();
        latencies.recordValue(Math.min(MAX_LATENCY_NANOS, Math.max(0, now - since)));
        if (now - windowEnd <= 0) {
            inWindow.increment();
        }
        if (!found) {
            missed.increment();
        }
    }

    /** Counts a request that failed; its time is not among the latencies. */
    public void failed(String kind) {
        errors.computeIfAbsent(kind, name -> new LongAdder()).increment();
    }

    /** Returns the latencies in nanoseconds. */
    Histogram latencies() {
        return latencies.copy();
    }

    /** Returns the number of requests that succeeded before the end of the window. */
    long succeededInWindow() {
        return inWindow.sum();
    }

    /** Returns the number of responses without a record, a provider or a peer. */
    long missed() {
        return missed.sum();
    }

    /** Returns the number of failed requests by kind. */
    public Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }

    /** Returns the number of requests that have ended, whether they succeeded or failed. */
    public long requests() {
        return latencies.getTotalCount()
                + errors.values().stream().mapToLong(LongAdder::sum).sum();
    }
}
