package io.kad.node.http;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** How often each limit of a server was reached. Thread-safe. */
final class LimitCounts {

    private final Map<Limit, LongAdder> counts = new EnumMap<>(Limit.class);

    /** Limits whose reaching is counted. */
    enum Limit {
        CONNECTIONS,
        REQUESTS,
        QUERIES,
        BODY_BYTES,
        ANSWER_BYTES,
        STREAM_BYTES
    }

    LimitCounts() {
        for (Limit limit : Limit.values()) {
            counts.put(limit, new LongAdder());
        }
    }

    /** Counts that {@code limit} was reached. */
    void count(Limit limit) {
        LongAdder count = counts.get(limit);
        if (count != null) {
            count.increment();
        }
    }

    /** Returns the counts by the names of the limits. */
    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach(
                (limit, count) -> all.put(limit.name().toLowerCase(Locale.ROOT).replace('_', '-'), count.sum()));
        return all;
    }
}
