package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;

/** ComparedMetric that is compared. */
enum ComparedMetric {
    RATE("requests/s", true, "%,.0f"),
    P50("p50 ms", false, "%,.2f"),
    P99("p99 ms", false, "%,.2f"),
    CPU("CPU µs/request", false, "%,.1f"),
    MEMORY("MiB resident", false, "%,.0f");

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

    double of(LoadResult result) {
        return switch (this) {
            case RATE -> result.perSecond();
            case P50 -> result.latencyMillis(50);
            case P99 -> result.latencyMillis(99);
            case CPU -> result.cpuMicrosPerRequest().orElse(Double.NaN);
            case MEMORY -> result.residentBytes().orElse(0L) / BYTES_PER_MIB;
        };
    }
}
