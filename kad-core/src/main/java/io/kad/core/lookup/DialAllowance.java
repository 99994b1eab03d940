package io.kad.core.lookup;

import io.kad.api.id.Multiaddr;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Limit of the attempts to connect that one lookup causes at addresses from responses, so that a peer that responds cannot make the local peer dial
 * without end. The first {@value #UNCOUNTED_PER_PEER} attempts of each request do not count: otherwise one response with invented addresses would use
 * up all attempts, and peers that exist could not be dialled. Thread-safe, as the transport calls it on threads of its own.
 */
public final class DialAllowance {

    /** Allowance without a limit, for a request that no lookup sends: its peer has responded before. */
    public static final Predicate<Multiaddr> UNLIMITED = address -> true;

    /** Attempts of each peer that do not count: at an address of QUIC and one of TCP. */
    static final int UNCOUNTED_PER_PEER = 2;

    private final int attempts;
    private int left;

    /** Creates an allowance of so many attempts. */
    public DialAllowance(int attempts) {
        this.attempts = attempts;
        this.left = attempts;
    }

    /** Returns the allowance of one request: attempts at {@code knownAddresses}, which are known from elsewhere, do not count. */
    public Predicate<Multiaddr> forRequest(Collection<Multiaddr> knownAddresses) {
        Set<Multiaddr> uncounted = new HashSet<>();
        knownAddresses.forEach(address -> address.withoutPeerId().ifPresent(uncounted::add));
        return new Part(uncounted);
    }

    private synchronized boolean tryTake() {
        boolean taken = left > 0;
        if (taken) {
            left--;
        }
        return taken;
    }

    /** Allowance of one request. Equal to any other with the same limit and known addresses, of whichever lookup, as the actions that send requests are compared by value in traces. */
    private final class Part implements Predicate<Multiaddr> {

        private final Set<Multiaddr> uncounted;
        private int ofPeer;

        Part(Set<Multiaddr> uncounted) {
            this.uncounted = uncounted;
        }

        private int attempts() {
            return attempts;
        }

        @Override
        public synchronized boolean test(Multiaddr address) {
            if (uncounted.contains(address)) {
                return true;
            }
            if (ofPeer < UNCOUNTED_PER_PEER) {
                ofPeer++;
                return true;
            }
            return tryTake();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Part part && part.attempts() == attempts() && part.uncounted.equals(uncounted);
        }

        @Override
        public int hashCode() {
            return 31 * attempts + uncounted.hashCode();
        }

        @Override
        public String toString() {
            return attempts + " attempts beyond " + uncounted;
        }
    }
}
