package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The addresses of a peer as they come over the wire, and as the rest of kad has them: without the peer at the end. */
public final class PeerAddresses {

    private PeerAddresses() {}

    /** Returns the address that {@code bytes} are, or empty if they are none or have a protocol that is not known. */
    public static Optional<Multiaddr> read(Bytes bytes) {
        try {
            return Optional.of(Multiaddr.fromBytes(bytes));
        } catch (IllegalArgumentException unusable) {
            return Optional.empty();
        }
    }

    /**
     * Returns the first {@code limit} of {@code addresses} without {@code peer} at the end, each once, less those that end at another
     * peer or name nothing else. Lists are short, so that looking through one is quicker than hashing.
     */
    public static List<Multiaddr> of(PeerId peer, List<Multiaddr> addresses, int limit) {
        List<Multiaddr> kept = new ArrayList<>(Math.min(addresses.size(), limit));
        for (Multiaddr address : addresses) {
            if (kept.size() == limit) {
                break;
            }
            Optional<Multiaddr> usable = of(peer, address);
            if (usable.isPresent() && !kept.contains(usable.get())) {
                kept.add(usable.get());
            }
        }
        return kept;
    }

    private static Optional<Multiaddr> of(PeerId peer, Multiaddr address) {
        Optional<PeerId> end = address.peerId();
        if (end.isEmpty()) {
            return Optional.of(address);
        }
        return end.get().equals(peer) ? address.withoutPeerId() : Optional.empty();
    }
}
