package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import io.kad.bench.measure.LoadMetrics;
import java.util.Optional;

/** Metrics that are compared. */
enum ComparedMetric {
    RATE("requests/s", true, "%,.0f"),
    P50("p50 ms", false, "%,.2f"),
    P99("p99 ms", false, "%,.2f"),
    CPU("CPU µs/request", false, "%,.1f"),
    MEMORY("MiB resident", false, "%,.0f"),
    /** Requests that failed, were not sent, or had a response without what was requested. */
    FAILED("not served", false, "%,.0f");

    private static final double BYTES_PER_MIB = 1 << 20;

    private final String title;
    private final boolean moreIsBetter;
    private final String format;

    ComparedMetric(String title, boolean moreIsBetter, String format) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
        this.format = format;
    }

    String title() {
        return title;
    }

    /** Returns whether the greater of two values is the better one. */
    boolean moreIsBetter() {
        return moreIsBetter;
    }

    String format() {
        return format;
    }

    /** Returns the value of one round; empty if there is none, as no request has succeeded or the server has ended. */
    Optional<Double> of(LoadResult result) {
        return switch (this) {
            case RATE -> Optional.of(result.metrics().perSecond());
            case P50 -> latency(result.metrics(), 50);
            case P99 -> latency(result.metrics(), 99);
            case CPU -> result.metrics().cpuMicrosPerRequest();
            case MEMORY -> result.metrics().residentBytes().map(bytes -> bytes / BYTES_PER_MIB);
            case FAILED -> Optional.of((double) result.notServed());
        };
    }

    private static Optional<Double> latency(LoadMetrics metrics, double percentile) {
        return metrics.succeeded() > 0 ? Optional.of(metrics.latencyMillis(percentile)) : Optional.empty();
    }
}
