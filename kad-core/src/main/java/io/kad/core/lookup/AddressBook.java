package io.kad.core.lookup;

import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.Addresses;
import java.util.List;
import java.util.TreeMap;

/**
 * Addresses that one lookup has read from responses; discarded with the lookup.
 *
 * <p>The first addresses of a peer stay: a later response can add further ones, up to a limit, and cannot replace any. If there are
 * too many peers, those farthest from the target are evicted. Confined to one thread at a time.
 */
public final class AddressBook {

    private final int maxPeers;
    private final int maxAddresses;
    private final TreeMap<PeerId, List<Multiaddr>> closestFirst;

    /**
     * Creates an empty address book.
     *
     * @param maxPeers the number of peers that are kept, at least 1
     * @param maxAddresses the number of addresses that are kept for each peer, at least 1
     */
    public AddressBook(KadKey target, int maxPeers, int maxAddresses) {
        this.maxPeers = maxPeers;
        this.maxAddresses = maxAddresses;
        this.closestFirst = new TreeMap<>((left, right) -> target.compareDistance(left.kadKey(), right.kadKey()));
    }

    /** Adds the addresses of a peer in a response. */
    public void add(PeerInfo peer) {
        List<Multiaddr> known = addresses(peer.id());
        if (known.containsAll(peer.addresses())) {
            return;
        }
        closestFirst.put(peer.id(), Addresses.append(known, peer.addresses(), maxAddresses));
        if (closestFirst.size() > maxPeers) {
            closestFirst.pollLastEntry();
        }
    }

    /** Removes an address. */
    public void remove(PeerId peer, Multiaddr address) {
        closestFirst.computeIfPresent(peer, (id, addresses) -> {
            List<Multiaddr> rest = Addresses.without(addresses, address);
            return rest.isEmpty() ? null : rest;
        });
    }

    /** Returns the addresses of {@code peer}, in the order in which they were added. */
    public List<Multiaddr> addresses(PeerId peer) {
        return closestFirst.getOrDefault(peer, List.of());
    }

    /** Returns the addresses of the routing table, followed by those in this book, up to the limit for each peer. */
    public List<Multiaddr> mergedWith(List<Multiaddr> routed, PeerId peer) {
        return Addresses.append(routed, addresses(peer), maxAddresses);
    }

    int size() {
        return closestFirst.size();
    }
}
