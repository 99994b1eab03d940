package io.kad.core.lookup;

import io.kad.api.id.Multiaddr;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Attempts to connect that one lookup may cause at addresses that it has learned from responses, so that whoever responds does not make the local
 * peer dial without end. Thread-safe, as the transport asks on threads of its own.
 */
public final class DialAllowance {

    /** Allowance of a request that no lookup sends: its peer has responded before. */
    public static final Predicate<Multiaddr> UNLIMITED = address -> true;

    private int left;

    /** Creates an allowance of so many attempts. */
    public DialAllowance(int attempts) {
        this.left = attempts;
    }

    /** Returns the part of a request to a peer: those of its addresses that are {@code known} from elsewhere don't count. */
    public Predicate<Multiaddr> beyond(Collection<Multiaddr> known) {
        Set<Multiaddr> uncounted = new HashSet<>();
        known.forEach(address -> address.withoutPeerId().ifPresent(uncounted::add));
        return address -> uncounted.contains(address) || tryTake();
    }

    private synchronized boolean tryTake() {
        boolean taken = left > 0;
        if (taken) {
            left--;
        }
        return taken;
    }
}
