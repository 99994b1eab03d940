package io.kad.sim.network;

import java.util.random.RandomGenerator;

/** Latencies with the spread of the Internet. Logarithms are computed by StrictMath, so that traces are the same on every machine. */
final class SpreadLatency {

    private SpreadLatency() {}

    /** Latency that is log-normal over the pairs of peers, fixed per pair. */
    record LogNormal(long medianNanos, double sigma, long seed) implements Latency {
        @Override
        public long nanos(int from, int to, RandomGenerator random) {
            long bits = ofPair(seed, from, to);
            double normal = normal(unit(bits), unit(scramble(bits + GAMMA)));
            return Math.round(medianNanos * StrictMath.exp(sigma * normal));
        }

        @Override
        public Latency withSeed(long next) {
            return new LogNormal(medianNanos, sigma, next);
        }
    }

    /** Latency of a network in which some peers take longer to respond, to every requester. */
    record SlowPeers(Latency base, double share, double factor, long seed) implements Latency {
        @Override
        public long nanos(int from, int to, RandomGenerator random) {
            long nanos = base.nanos(from, to, random);
            return isSlow(to) ? Math.round(nanos * factor) : nanos;
        }

        private boolean isSlow(int peer) {
            return unit(scramble(seed * GAMMA + peer)) < share;
        }

        @Override
        public Latency withSeed(long next) {
            return new SlowPeers(base.withSeed(next), share, factor, next);
        }
    }

    /** Latency that varies from exchange to exchange. */
    record Jitter(Latency base, double sigma) implements Latency {
        @Override
        public long nanos(int from, int to, RandomGenerator random) {
            double normal = normal(unit(random.nextLong()), unit(random.nextLong()));
            return Math.round(base.nanos(from, to, random) * StrictMath.exp(sigma * normal));
        }

        @Override
        public Latency withSeed(long seed) {
            return new Jitter(base.withSeed(seed), sigma);
        }
    }

    /** Latency of a network that loses packets and sends them again. */
    record Delays(Latency base, double share, long oneWayNanos) implements Latency {
        @Override
        public long nanos(int from, int to, RandomGenerator random) {
            long nanos = base.nanos(from, to, random);
            return random.nextDouble() < share ? nanos + oneWayNanos : nanos;
        }

        @Override
        public Latency withSeed(long seed) {
            return new Delays(base.withSeed(seed), share, oneWayNanos);
        }
    }

    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    static double within(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", got " + value);
        }
        return value;
    }

    /** Returns random bits of a pair of peers, the same in both directions. */
    static long ofPair(long seed, int one, int other) {
        return scramble(seed + Math.min(one, other) * GAMMA + Math.max(one, other) * 0xC2B2AE3D27D4EB4FL);
    }

    private static long scramble(long number) {
        long bits = number;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }

    /** Returns a number between 0 and 1, both exclusive, from random bits. */
    private static double unit(long bits) {
        return ((bits >>> 11) + 0.5) * 0x1.0p-53;
    }

    /** Returns a standard normal number from two uniform ones, by the method of Box and Muller. */
    private static double normal(double one, double other) {
        return StrictMath.sqrt(-2 * StrictMath.log(one)) * StrictMath.cos(2 * Math.PI * other);
    }
}
