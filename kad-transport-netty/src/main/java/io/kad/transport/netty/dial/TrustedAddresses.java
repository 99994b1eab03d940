package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Addresses that the user has given, of the {@value #MAX_PEERS} peers that were named last. Thread-safe. */
public final class TrustedAddresses {

    /** Limit of peers; addresses of others are dialled as those that remote peers state. */
    static final int MAX_PEERS = 4096;
    /** Limit of the addresses of one peer; the oldest are forgotten. */
    static final int MAX_ADDRESSES = 256;

    private final Map<PeerId, Set<Multiaddr>> byPeer = new LinkedHashMap<>();

    /** Adds addresses; those of another peer are ignored. */
    public synchronized void add(PeerInfo peer) {
        Set<Multiaddr> known = byPeer.remove(peer.id());
        Set<Multiaddr> addresses = known == null ? new LinkedHashSet<>() : known;
        for (Multiaddr address : peer.addresses()) {
            if (address.peerId().map(peer.id()::equals).orElse(true)) {
                address.withoutPeerId().ifPresent(addresses::add);
            }
        }
        removeFirst(addresses, MAX_ADDRESSES);
        if (!addresses.isEmpty()) {
            byPeer.put(peer.id(), addresses);
            removeFirst(byPeer.keySet(), MAX_PEERS);
        }
    }

    private static void removeFirst(Set<?> elements, int limit) {
        while (elements.size() > limit) {
            elements.remove(elements.iterator().next());
        }
    }

    /** Returns whether the user has given {@code address}, which has no peer ID, for {@code peer}. */
    public synchronized boolean contains(PeerId peer, Multiaddr address) {
        Set<Multiaddr> addresses = byPeer.get(peer);
        return addresses != null && addresses.contains(address);
    }
}
