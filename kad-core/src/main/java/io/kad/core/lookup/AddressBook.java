package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.Addresses;
import java.util.List;
import java.util.TreeMap;

/**
 * The addresses that one lookup heard of, which are forgotten with it.
 *
 * <p>What was heard first stays: an answer that comes later can add addresses of a peer, up to a limit, and not replace those
 * that others named. Beyond its limit of peers the book forgets those that are farthest from the target.
 */
public final class AddressBook {

    private final int maxPeers;
    private final int maxAddresses;
    private final TreeMap<PeerId, List<Multiaddr>> nearestFirst;

    public AddressBook(KadKey target, int maxPeers, int maxAddresses) {
        this.maxPeers = maxPeers;
        this.maxAddresses = maxAddresses;
        this.nearestFirst = new TreeMap<>((left, right) -> target.compareDistance(left.kadKey(), right.kadKey()));
    }

    /** Takes in what an answer says of a peer. */
    public void add(PeerInfo peer) {
        List<Multiaddr> known = addresses(peer.id());
        if (known.containsAll(peer.addresses())) {
            return;
        }
        nearestFirst.put(peer.id(), Addresses.append(known, peer.addresses(), maxAddresses));
        if (nearestFirst.size() > maxPeers) {
            nearestFirst.pollLastEntry();
        }
    }

    /** Forgets an address. */
    public void remove(PeerId peer, Multiaddr address) {
        nearestFirst.computeIfPresent(peer, (id, heard) -> {
            List<Multiaddr> rest = Addresses.without(heard, address);
            return rest.isEmpty() ? null : rest;
        });
    }

    /** Returns the addresses heard of {@code peer}, the first heard first. */
    public List<Multiaddr> addresses(PeerId peer) {
        return nearestFirst.getOrDefault(peer, List.of());
    }

    /** Returns the addresses of the routing table, and then those heard of {@code peer}, up to the limit for a peer. */
    public List<Multiaddr> appendTo(List<Multiaddr> routed, PeerId peer) {
        return Addresses.append(routed, addresses(peer), maxAddresses);
    }

    int size() {
        return nearestFirst.size();
    }
}
