package io.kad.sim.scenario;

import io.kad.sim.network.Latency;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * One-way latency as scenario files write it: a spread, and then any of the things that make it longer.
 *
 * @param latency the latency
 * @param median its one-way median, without what makes it longer
 */
record LatencyText(Latency latency, Duration median) {

    static final String EXAMPLES =
            "'fixed 50ms', 'uniform 25ms 75ms', 'per-pair 25ms 75ms', 'log-normal 25ms 0.5' or 'mix 25ms 0.5 10% x10',"
                    + " followed by any of 'slow 10% x10', 'jitter 0.2' and 'delay 1% 200ms'";

    /**
     * Reads a latency.
     *
     * @throws IllegalArgumentException if the text is malformed or a value is out of its range
     */
    static LatencyText parse(String text) {
        Deque<String> words = new ArrayDeque<>(List.of(text.trim().split(" +", -1)));
        try {
            LatencyText read = spread(words);
            while (!words.isEmpty()) {
                read = longer(read, words);
            }
            return read;
        } catch (NoSuchElementException incomplete) {
            throw new IllegalArgumentException(text, incomplete);
        }
    }

    private static LatencyText spread(Deque<String> words) {
        String kind = words.remove();
        Duration first = Fields.durationOf(words.remove());
        return switch (kind) {
            case "fixed" -> new LatencyText(Latency.fixed(first), first);
            case "uniform" -> {
                Duration max = Fields.durationOf(words.remove());
                yield new LatencyText(Latency.uniform(first, max), middle(first, max));
            }
            case "per-pair" -> {
                Duration max = Fields.durationOf(words.remove());
                yield new LatencyText(Latency.perPair(first, max), middle(first, max));
            }
            case "log-normal" -> new LatencyText(Latency.logNormal(first, number(words.remove())), first);
            case "mix" -> {
                Latency logNormal = Latency.logNormal(first, number(words.remove()));
                yield new LatencyText(logNormal.withSlowPeers(share(words.remove()), factor(words.remove())), first);
            }
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static LatencyText longer(LatencyText base, Deque<String> words) {
        String kind = words.remove();
        return switch (kind) {
            case "slow" -> base.with(base.latency.withSlowPeers(share(words.remove()), factor(words.remove())));
            case "jitter" -> base.with(base.latency.withJitter(number(words.remove())));
            case "delay" ->
                base.with(base.latency.withDelays(share(words.remove()), Fields.durationOf(words.remove())));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private LatencyText with(Latency next) {
        return new LatencyText(next, median);
    }

    private static Duration middle(Duration min, Duration max) {
        return min.plus(max).dividedBy(2);
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static double share(String text) {
        return number(before("%", text)) / 100;
    }

    private static double factor(String text) {
        if (!text.startsWith("x")) {
            throw new IllegalArgumentException(text);
        }
        return number(text.substring(1));
    }

    private static String before(String end, String text) {
        if (!text.endsWith(end)) {
            throw new IllegalArgumentException(text);
        }
        return text.substring(0, text.length() - end.length());
    }
}
