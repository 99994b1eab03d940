package io.kad.sim.network;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Rules by which the peers of a network are reached: their addresses, and what happens when two peers dial each other. Immutable.
 *
 * @param addresses number of addresses of each peer, 1 to {@value #MAX_ADDRESSES}; a peer tells all of them
 * @param deadAddresses probability that an address beyond one of each peer is dead, 0 to 1; dead and live ones are in random order
 * @param deadAfter time until the dial of a dead address fails
 * @param simultaneousOpen whether two peers that dial each other at once have two connections; if not, they share one
 */
public record Reachability(int addresses, double deadAddresses, Duration deadAfter, boolean simultaneousOpen) {

    /** Limit of the addresses of a peer. */
    public static final int MAX_ADDRESSES = 16;

    /** One address, and one connection of each pair of peers. */
    public static final Reachability SIMPLE = new Reachability(1, 0, Duration.ofSeconds(1), false);

    /**
     * Creates rules.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Reachability {
        requireNonNull(deadAfter, "deadAfter");
        if (addresses < 1 || addresses > MAX_ADDRESSES) {
            throw new IllegalArgumentException(
                    "addresses must be between 1 and " + MAX_ADDRESSES + ", got " + addresses);
        }
        if (!(deadAddresses >= 0 && deadAddresses <= 1)) {
            throw new IllegalArgumentException("deadAddresses must be between 0 and 1, got " + deadAddresses);
        }
        if (deadAfter.isNegative()) {
            throw new IllegalArgumentException("deadAfter must not be negative, got " + deadAfter);
        }
    }

    /** Returns whether an operation without a connection must dial first: the choice of an address takes time. */
    boolean needsDials() {
        return addresses > 1 || simultaneousOpen;
    }
}
