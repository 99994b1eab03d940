package io.kad.core.server;

import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import java.util.List;

/**
 * Peer that sends an entry to store.
 *
 * @param peer the peer
 * @param ranges its host and its network; empty for one of this machine, or of a transport without IP addresses, which has no limits
 * @param isReplicating whether the entry names another peer as its publisher
 */
public record EntrySender(PeerId peer, List<AddressRange> ranges, boolean isReplicating) {

    /** Network of the peers without a range: it has a fair share of a full store, as any other. */
    private static final AddressRange LOOPBACK = AddressRange.parse("127.0.0.0/8");

    private static final AddressRange LOOPBACK_HOST = AddressRange.parse("127.0.0.1/32");

    boolean isLimited() {
        return !ranges.isEmpty();
    }

    AddressRange host() {
        return isLimited() ? ranges.get(0) : LOOPBACK_HOST;
    }

    AddressRange network() {
        return isLimited() ? ranges.get(1) : LOOPBACK;
    }
}
