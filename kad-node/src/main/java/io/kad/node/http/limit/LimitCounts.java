package io.kad.node.http.limit;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts of the times that each limit of a server was reached. Thread-safe. */
public final class LimitCounts {

    private final Map<Limit, LongAdder> counts = new EnumMap<>(Limit.class);

    /** Limits of {@link HttpLimits} whose reaching is counted. */
    public enum Limit {
        /** {@link HttpLimits#connections}. */
        CONNECTIONS,
        /** {@link HttpLimits#running}. */
        REQUESTS,
        /** {@link HttpLimits#queries}. */
        QUERIES,
        /** {@link HttpLimits#bodyBytes}. */
        BODY_BYTES,
        /** {@link HttpLimits#responseBytes}. */
        RESPONSE_BYTES,
        /** {@link HttpLimits#streamBytes}. */
        STREAM_BYTES
    }

    /** Creates counts of zero. */
    public LimitCounts() {
        for (Limit limit : Limit.values()) {
            counts.put(limit, new LongAdder());
        }
    }

    /** Counts that {@code limit} was reached. */
    public void count(Limit limit) {
        LongAdder count = counts.get(limit);
        if (count != null) {
            count.increment();
        }
    }

    /** Returns the counts by the names of the limits. */
    public Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach(
                (limit, count) -> all.put(limit.name().toLowerCase(Locale.ROOT).replace('_', '-'), count.sum()));
        return all;
    }
}
