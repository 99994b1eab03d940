package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import java.util.function.ToDoubleFunction;

/** Figure that is compared. */
enum Figure {
    RATE("requests/s", true, "%,.0f", LoadResult::perSecond),
    P50("p50 ms", false, "%,.2f", result -> result.latencyMillis(50)),
    P99("p99 ms", false, "%,.2f", result -> result.latencyMillis(99)),
    CPU("CPU µs/request", false, "%,.1f", result -> result.cpuMicrosPerRequest().orElse(Double.NaN)),
    MEMORY("MiB resident", false, "%,.0f", result -> result.residentBytes().orElse(0L) / 1048576.0);

    private final String title;
    private final boolean moreIsBetter;
    private final String format;
    private final ToDoubleFunction<LoadResult> reader;

    Figure(String title, boolean moreIsBetter, String format, ToDoubleFunction<LoadResult> reader) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
        this.format = format;
        this.reader = reader;
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
        return reader.applyAsDouble(result);
    }
}
