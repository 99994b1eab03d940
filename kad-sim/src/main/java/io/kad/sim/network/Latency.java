package io.kad.sim.network;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** One-way latency of the messages between two peers; the response takes as long as the request. */
@FunctionalInterface
public interface Latency {

    /**
     * Returns the one-way latency of one exchange, in nanoseconds.
     *
     * @param from number of the requester
     * @param to number of the peer that responds
     */
    long nanos(int from, int to, RandomGenerator random);

    /** Returns the same latency for every message. */
    static Latency fixed(Duration latency) {
        long nanos = atLeast(latency, Duration.ZERO);
        return (from, to, random) -> nanos;
    }

    /** Returns a latency that is drawn per exchange, uniformly from {@code min} to {@code max}. */
    static Latency uniform(Duration min, Duration max) {
        long minNanos = atLeast(min, Duration.ZERO);
        long maxNanos = atLeast(max, min);
        return (from, to, random) -> random.nextLong(minNanos, maxNanos + 1);
    }

    /** Returns a fixed latency per pair of peers, from {@code min} to {@code max}, the same in both directions. */
    static Latency perPair(Duration min, Duration max) {
        long minNanos = atLeast(min, Duration.ZERO);
        long range = atLeast(max, min) - minNanos + 1;
        return (from, to, random) ->
                minNanos + Long.remainderUnsigned(mix(Math.min(from, to), Math.max(from, to)), range);
    }

    private static long atLeast(Duration duration, Duration min) {
        if (duration.isNegative() || duration.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "latency must be at least " + DurationText.of(min) + ", got " + DurationText.of(duration));
        }
        return duration.toNanos();
    }

    private static long mix(long low, long high) {
        long bits = low * 0x9E3779B97F4A7C15L + high * 0xC2B2AE3D27D4EB4FL;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
