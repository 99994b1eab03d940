package io.kad.sim.network;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a message takes one way, which an answer takes the other way too. */
@FunctionalInterface
public interface Latency {

    /**
     * Returns the nanoseconds for one exchange of messages between two peers.
     *
     * @param from the number of the peer that asks
     * @param to the number of the peer that answers
     */
    long nanos(int from, int to, RandomGenerator random);

    /** Every message takes the same time. */
    static Latency fixed(Duration latency) {
        long nanos = atLeast(latency, Duration.ZERO);
        return (from, to, random) -> nanos;
    }

    /** Each exchange takes a time of its own, from {@code min} to {@code max}. */
    static Latency uniform(Duration min, Duration max) {
        long least = atLeast(min, Duration.ZERO);
        long most = atLeast(max, min);
        return (from, to, random) -> random.nextLong(least, most + 1);
    }

    /** Each pair of peers has a latency of its own, from {@code min} to {@code max}, the same at all times and in both directions. */
    static Latency perPair(Duration min, Duration max) {
        long least = atLeast(min, Duration.ZERO);
        long range = atLeast(max, min) - least + 1;
        return (from, to, random) -> least + Long.remainderUnsigned(mix(Math.min(from, to), Math.max(from, to)), range);
    }

    private static long atLeast(Duration duration, Duration least) {
        if (duration.isNegative() || duration.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "latency must be at least " + DurationText.of(least) + ", got " + DurationText.of(duration));
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
