package io.kad.core.lookup;

import java.util.Random;

/**
 * RTTs of a virtual network, by the name of a distribution with a median of one RTT: {@code uniform}, 0.5 to 1.5 and drawn for each
 * exchange; {@code ln0.5}, log-normal with that sigma and the same for a pair of peers at all times; {@code mix}, {@code ln0.5} with
 * every tenth peer 10 times as slow; {@code jitter}, {@code ln0.5} with another log-normal factor of sigma 0.2 for each exchange, of which
 * 1 % lose a packet and take 4 more RTTs.
 */
final class LatencyModel {

    private final String name;
    private final long medianNanos;
    private final long seed;
    private final Random random;

    LatencyModel(String name, long medianNanos, long seed) {
        this.name = name;
        this.medianNanos = medianNanos;
        this.seed = seed;
        this.random = new Random(seed);
    }

    long nanos(int from, int to) {
        return (long) (medianNanos * roundTrips(from, to));
    }

    private double roundTrips(int from, int to) {
        return switch (name) {
            case "uniform" -> .5 + random.nextDouble();
            case "mix" -> pair(from, to, .5) * (isSlow(to) ? 10 : 1);
            case "jitter" ->
                pair(from, to, .5) * Math.exp(.2 * random.nextGaussian()) + (random.nextDouble() < .01 ? 4 : 0);
            default -> pair(from, to, Double.parseDouble(name.substring("ln".length())));
        };
    }

    private double pair(int one, int other, double sigma) {
        long pair = (long) Math.min(one, other) << 32 | Math.max(one, other);
        return Math.exp(sigma * new Random(mixed(seed ^ mixed(pair))).nextGaussian());
    }

    private boolean isSlow(int peer) {
        return Long.remainderUnsigned(mixed(seed + 17L * peer), 10) == 0;
    }

    private static long mixed(long value) {
        long bits = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }
}
