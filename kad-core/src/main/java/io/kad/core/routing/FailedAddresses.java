package io.kad.core.routing;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/** Addresses that could not be dialled since somebody was last heard; whether that is their fault shows when somebody is heard again. Confined to one thread at a time. */
public final class FailedAddresses {

    /** Limit; the oldest is forgotten, so that it stays in the routing table. A few per peer, as one has hardly more that are dialled. */
    static final int MAX_ADDRESSES = 64;

    private final Deque<FailedAddress> addresses = new ArrayDeque<>(0);

    private record FailedAddress(PeerId peer, Multiaddr address) {}

    /** Adds an address; it replaces the oldest one if there are too many. */
    public void add(PeerId peer, Multiaddr address) {
        if (addresses.size() == MAX_ADDRESSES) {
            addresses.remove();
        }
        addresses.add(new FailedAddress(peer, address));
    }

    /** Removes all addresses and passes them to {@code action}, oldest first. */
    public void takeAll(BiConsumer<PeerId, Multiaddr> action) {
        for (FailedAddress next = addresses.poll(); next != null; next = addresses.poll()) {
            action.accept(next.peer(), next.address());
        }
    }

    /** Forgets all addresses. */
    public void clear() {
        addresses.clear();
    }
}
