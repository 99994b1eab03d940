package io.kad.node.diagnose;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.LimitId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of the limits that a node has reached lately: its counters begin with its start, and one refusal of long ago is no fault that lasts. They are
 * those since a diagnosis of at least {@link #SHORTEST} ago, or since the start, so that no diagnosis hides from the next one what it has just reported to
 * somebody else. Thread-safe.
 */
public final class ReachedLimits {

    /** Shortest span between a diagnosis and the one that counts from it. Source: kad's choice. */
    static final Duration SHORTEST = Duration.ofMinutes(10);

    /** Shortest span between two kept counts, of which there are no more than eleven then, however often a node is diagnosed. */
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private final Deque<Counts> reported = new ArrayDeque<>();

    /** Creates the counts of a node that nobody has diagnosed yet. */
    public ReachedLimits() {}

    /**
     * Counters that were reported.
     *
     * @param nanos time of {@code System.nanoTime}
     */
    private record Counts(Map<String, Long> counters, long nanos) {

        boolean isOlder(Duration age, long nowNanos) {
            return nowNanos - nanos >= age.toNanos();
        }
    }

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
     * Returns what has come lately.
     *
     * @param counters the counters of the node since its start
     * @param nowNanos time of {@code System.nanoTime}
     */
    synchronized Span lately(Map<String, Long> counters, long nowNanos) {
        Counts before = null;
        for (Counts each : reported) {
            before = each.isOlder(SHORTEST, nowNanos) ? each : before;
        }
        if (before == null) {
            return new Span("since the start", counters);
        }
        Map<String, Long> earlier = before.counters();
        Map<String, Long> since = new TreeMap<>();
        counters.forEach((name, count) -> since.put(name, count - earlier.getOrDefault(name, 0L)));
        long minutes = Duration.ofNanos(nowNanos - before.nanos()).toMinutes();
        return new Span("in the last " + DurationText.of(Duration.ofMinutes(minutes)), since);
    }

    /** Keeps the counters that a diagnosis has reported to whoever asked for it. */
    synchronized void reported(Map<String, Long> counters, long nowNanos) {
        if (reported.isEmpty() || reported.getLast().isOlder(BETWEEN, nowNanos)) {
            reported.addLast(new Counts(Map.copyOf(counters), nowNanos));
        }
        // Of those that are old enough, only the newest one is compared with
        while (reported.size() > 1
                && reported.stream().skip(1).findFirst().orElseThrow().isOlder(SHORTEST, nowNanos)) {
            reported.removeFirst();
        }
    }

    /** Returns the number of kept counts. */
    synchronized int kept() {
        return reported.size();
    }
}
