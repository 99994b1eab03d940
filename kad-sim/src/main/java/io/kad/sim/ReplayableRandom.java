package io.kad.sim;

import java.util.random.RandomGenerator;

/**
 * Random generator whose state is one number, so that a stretch of its output can be drawn again later. With the same seed it gives the
 * same numbers as {@link java.util.SplittableRandom}, and so do its splits: the SplitMix generator of Steele, Lea and Flood.
 *
 * <p>Confined to one thread.
 */
final class ReplayableRandom implements RandomGenerator {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    /** Bits that must differ from their neighbours in a good increment. */
    private static final int MIN_TRANSITIONS = 24;

    private final long gamma;
    private long state;

    ReplayableRandom(long seed) {
        this(seed, GOLDEN_GAMMA);
    }

    private ReplayableRandom(long state, long gamma) {
        this.state = state;
        this.gamma = gamma;
    }

    /** Returns the state, from which {@link #from} continues. */
    long state() {
        return state;
    }

    /** Returns a generator that gives what this one gave after it had that state. */
    ReplayableRandom from(long earlierState) {
        return new ReplayableRandom(earlierState, gamma);
    }

    /** Returns a generator that is independent of what this one gives later. */
    ReplayableRandom split() {
        long start = nextLong();
        long increment = mixedByMurmur(nextState()) | 1;
        boolean regular = Long.bitCount(increment ^ (increment >>> 1)) >= MIN_TRANSITIONS;
        return new ReplayableRandom(start, regular ? increment : increment ^ 0xAAAAAAAAAAAAAAAAL);
    }

    private long nextState() {
        state += gamma;
        return state;
    }

    @Override
    public long nextLong() {
        return mixed(nextState(), 0xBF58476D1CE4E5B9L, 0x94D049BB133111EBL, 30, 27, 31);
    }

    @Override
    public int nextInt() {
        long bits = nextState();
        bits = (bits ^ (bits >>> 33)) * 0x62A9D9ED799705F5L;
        return (int) (((bits ^ (bits >>> 28)) * 0xCB24D0A5C88C35B3L) >>> 32);
    }

    private static long mixedByMurmur(long bits) {
        return mixed(bits, 0xFF51AFD7ED558CCDL, 0xC4CEB9FE1A85EC53L, 33, 33, 33);
    }

    private static long mixed(long number, long first, long second, int one, int two, int three) {
        long bits = (number ^ (number >>> one)) * first;
        bits = (bits ^ (bits >>> two)) * second;
        return bits ^ (bits >>> three);
    }
}
