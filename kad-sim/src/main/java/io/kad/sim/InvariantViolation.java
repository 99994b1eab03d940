package io.kad.sim;

/** Thrown when an invariant does not hold. The message gives the seed, the virtual time and the peer; a run with that seed repeats it. */
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
