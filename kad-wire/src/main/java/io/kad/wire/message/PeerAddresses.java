package io.kad.wire.message;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conversion of the addresses of a peer between the wire and the API, which omits a trailing {@code /p2p} part. */
public final class PeerAddresses {

    private PeerAddresses() {}

    /** Decodes an address; returns empty if it is malformed or has an unknown protocol. */
    public static Optional<Multiaddr> read(Bytes bytes) {
        try {
            return Optional.of(Multiaddr.fromBytes(bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the first {@code limit} distinct addresses without a trailing {@code peer}. Drops an address that ends in another peer, and
     * one that is only {@code /p2p/...}. Compares linearly, because lists are short and hashing would be slower.
     */
    public static List<Multiaddr> withoutPeerId(PeerId peer, List<Multiaddr> addresses, int limit) {
        if (addresses.size() <= limit && areDistinctWithoutPeerId(addresses)) {
            return addresses;
        }
        List<Multiaddr> kept = new ArrayList<>(Math.min(addresses.size(), limit));
        for (Multiaddr address : addresses) {
            if (kept.size() == limit) {
                break;
            }
            Optional<Multiaddr> normalized = withoutPeerId(peer, address);
            if (normalized.isPresent() && !kept.contains(normalized.get())) {
                kept.add(normalized.get());
            }
        }
        return kept;
    }

    /** Returns whether there is nothing to change, as is usual; without garbage, since this is done for each peer of a message. */
    private static boolean areDistinctWithoutPeerId(List<Multiaddr> addresses) {
        for (int index = 0; index < addresses.size(); index++) {
            if (addresses.get(index).peerId().isPresent()) {
                return false;
            }
            for (int other = 0; other < index; other++) {
                if (addresses.get(index).equals(addresses.get(other))) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Optional<Multiaddr> withoutPeerId(PeerId peer, Multiaddr address) {
        Optional<PeerId> last = address.peerId();
        if (last.isEmpty()) {
            return Optional.of(address);
        }
        return last.get().equals(peer) ? address.withoutPeerId() : Optional.empty();
    }
}
