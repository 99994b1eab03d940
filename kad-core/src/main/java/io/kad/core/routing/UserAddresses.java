package io.kad.core.routing;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Addresses that the user has added to peers of the routing table and pending ones; what a peer says of itself does not replace them. */
public final class UserAddresses {

    private final int maxAddresses;
    private final Map<PeerId, List<Multiaddr>> addresses = new HashMap<>();

    /**
     * Creates an empty collection.
     *
     * @param maxAddresses limit of the addresses of one peer; older ones are dropped
     */
    public UserAddresses(int maxAddresses) {
        this.maxAddresses = maxAddresses;
    }

    /** Adds addresses of a peer that is in the routing table or pending. */
    public void add(PeerId peer, List<Multiaddr> added) {
        addresses.merge(
                peer,
                Addresses.append(List.of(), added, maxAddresses),
                (known, newer) -> Addresses.append(newer, known, maxAddresses));
    }

    /** Removes an address that the user has removed. */
    public void remove(PeerId peer, Multiaddr address) {
        addresses.computeIfPresent(peer, (id, known) -> {
            List<Multiaddr> left = Addresses.without(known, address);
            return left.isEmpty() ? null : left;
        });
    }

    /** Returns whether the user has added an address of {@code peer}. */
    public boolean contains(PeerId peer) {
        return addresses.containsKey(peer);
    }

    /** Removes the peers that are not {@code held}. */
    public void retain(Predicate<PeerId> held) {
        addresses.keySet().removeIf(held.negate());
    }

    /** Removes a peer that has left the routing table. */
    public void removePeer(PeerId peer) {
        addresses.remove(peer);
    }

    /** Returns {@code stated} and the addresses that the user has added to {@code peer}, for which there is always room. */
    public List<Multiaddr> mergedWith(List<Multiaddr> stated, PeerId peer) {
        List<Multiaddr> added = addresses.get(peer);
        if (added == null) {
            return stated;
        }
        List<Multiaddr> fitting = stated.subList(0, Math.min(stated.size(), maxAddresses - added.size()));
        return Addresses.append(List.copyOf(fitting), added, maxAddresses);
    }
}
