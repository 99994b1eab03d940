package io.kad.core.server;

import io.kad.api.id.AddressRange;
import io.kad.api.id.PeerId;
import java.util.List;

/**
 * Peer that sends an entry to store.
 *
 * @param peer the peer
 * @param ranges its host and its network; empty for one without a limit
 * @param isReplicating whether the entry names another peer as its publisher
 */
public record EntrySender(PeerId peer, List<AddressRange> ranges, boolean isReplicating) {

    boolean isUnlimited() {
        return ranges.isEmpty();
    }

    AddressRange host() {
        return ranges.get(0);
    }

    AddressRange network() {
        return ranges.get(1);
    }
}
