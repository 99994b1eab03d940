package io.kad.node.diagnose;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.LimitId;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of the limits that a node has reached since its last diagnosis: its counters begin with its start, and one refusal of long ago is no fault
 * that lasts. Thread-safe.
 */
public final class ReachedLimits {

    private Map<String, Long> before = Map.of();
    private long countedNanos;
    private boolean hasCounted;

    /** Creates the counts of a node that nobody has diagnosed yet. */
    public ReachedLimits() {}

    /**
     * Counts of a span.
     *
     * @param text the span in words, such as {@code since the start}
     * @param counts how often each limit was reached in it, by its counter
     */
    record Span(String text, Map<String, Long> counts) {

        Span {
            counts = Map.copyOf(counts);
        }

        /** Returns how often {@code limit} was reached in this span. */
        long of(LimitId limit) {
            return counts.getOrDefault(limit.counter(), 0L);
        }
    }

    /**
     * Returns what has come since the last call, or since the start.
     *
     * @param counters the counters of the node since its start
     * @param nowNanos time of {@code System.nanoTime}
     */
    synchronized Span next(Map<String, Long> counters, long nowNanos) {
        Map<String, Long> since = new TreeMap<>();
        counters.forEach((name, count) -> since.put(name, count - before.getOrDefault(name, 0L)));
        String text = hasCounted
                ? "since the last diagnosis, " + rounded(Duration.ofNanos(nowNanos - countedNanos)) + " ago,"
                : "since the start";
        before = Map.copyOf(counters);
        countedNanos = nowNanos;
        hasCounted = true;
        return new Span(text, since);
    }

    private static String rounded(Duration time) {
        return DurationText.of(
                time.toMinutes() < 2 ? Duration.ofSeconds(time.toSeconds()) : Duration.ofMinutes(time.toMinutes()));
    }
}
