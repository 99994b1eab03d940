package io.kad.sim;

/** Something that must always be so was not; says with which seed, and when. */
public final class InvariantViolation extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final long seed;

    InvariantViolation(long seed, String message) {
        super("seed " + seed + ": " + message);
        this.seed = seed;
    }

    /** Returns the seed of the network. */
    public long seed() {
        return seed;
    }
}
