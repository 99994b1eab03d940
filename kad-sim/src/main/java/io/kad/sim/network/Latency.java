package io.kad.sim.network;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * One-way latency of the messages between two peers; the response takes as long as the request, so a round trip takes twice as long.
 *
 * <p>Latencies can be combined, such as {@code logNormal(median, 0.5).withSlowPeers(0.1, 10).withJitter(0.2).withDelays(0.01, delay)}.
 */
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
        return (from, to, random) -> minNanos + Long.remainderUnsigned(SpreadLatency.ofPair(0, from, to), range);
    }

    /**
     * Returns a fixed latency per pair of peers, the same in both directions, that is spread as in the Internet: log-normal.
     *
     * @param median one-way median; the median round trip takes twice as long
     * @param sigma standard deviation of the logarithm, 0 to 3: 0.3 is a narrow spread, 1.0 a wide one, with one pair in 20 above five
     *     times the median
     */
    static Latency logNormal(Duration median, double sigma) {
        return new SpreadLatency.LogNormal(
                atLeast(median, Duration.ZERO), SpreadLatency.within("sigma", sigma, 0, 3), 0);
    }

    /**
     * Returns this latency, multiplied for peers that are slow to respond, each for every requester.
     *
     * @param share probability that a peer is slow, 0 to 1; it follows from the number of the peer and the seed
     * @param factor how many times as long an exchange with a slow peer takes, 1 to 1000
     */
    default Latency withSlowPeers(double share, double factor) {
        return new SpreadLatency.SlowPeers(
                this, SpreadLatency.within("share", share, 0, 1), SpreadLatency.within("factor", factor, 1, 1000), 0);
    }

    /**
     * Returns this latency, multiplied by a log-normal factor with the median 1 that is drawn for each exchange.
     *
     * @param sigma standard deviation of the logarithm of the factor, 0 to 3
     */
    default Latency withJitter(double sigma) {
        return new SpreadLatency.Jitter(this, SpreadLatency.within("sigma", sigma, 0, 3));
    }

    /**
     * Returns this latency, with exchanges that take longer since a packet is lost and sent again.
     *
     * @param share probability that an exchange is delayed, 0 to 1
     * @param delay additional time of a delayed round trip, half of it each way
     */
    default Latency withDelays(double share, Duration delay) {
        return new SpreadLatency.Delays(
                this, SpreadLatency.within("share", share, 0, 1), atLeast(delay, Duration.ZERO) / 2);
    }

    /** Returns this latency for the network of {@code seed}, from which everything follows that is fixed per pair or per peer. */
    default Latency withSeed(long seed) {
        return this;
    }

    private static long atLeast(Duration duration, Duration min) {
        if (duration.isNegative() || duration.compareTo(min) < 0) {
            throw new IllegalArgumentException(
                    "latency must be at least " + DurationText.of(min) + ", got " + DurationText.of(duration));
        }
        return duration.toNanos();
    }
}
