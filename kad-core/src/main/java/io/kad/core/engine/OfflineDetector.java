package io.kad.core.engine;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.ArrayList;
import java.util.List;

/**
 * Judgement whether the local peer is offline: several peers in a row could not be reached, and none was reached in between. What fails
 * meanwhile says nothing about the peers that were tried.
 *
 * <p>Confined to one thread at a time.
 */
final class OfflineDetector {

    /**
     * Number of peers that fail in a row. If too low, a few dead peers stop the maintenance of the table until the next contact; if too
     * high, as many entries are changed before an outage is noticed. Default: 3 (kad's choice).
     */
    static final int MIN_FAILED_PEERS = 3;
    /** Limit of the addresses that are remembered: a few per peer, as one has hardly more that are dialled. */
    private static final int MAX_REMOVED = 64;

    private final List<PeerId> failedPeers = new ArrayList<>(0);
    private final List<RemovedAddress> removedAddresses = new ArrayList<>(0);

    /** Address that was removed since the last contact, because it could not be dialled. */
    record RemovedAddress(PeerId peer, Multiaddr address) {}

    /** Returns whether everything has failed lately. */
    boolean isOffline() {
        return failedPeers.size() >= MIN_FAILED_PEERS;
    }

    /** Called when a peer did not answer or could not be dialled; returns whether it is now known that the local peer is offline. */
    boolean failed(PeerId peer) {
        if (isOffline() || failedPeers.contains(peer)) {
            return false;
        }
        failedPeers.add(peer);
        return isOffline();
    }

    /** Called when {@code address} was removed; it is to be restored if the local peer is offline. */
    void removed(PeerId peer, Multiaddr address) {
        if (removedAddresses.size() < MAX_REMOVED) {
            removedAddresses.add(new RemovedAddress(peer, address));
        }
    }

    /** Returns and forgets the addresses that were removed since the last contact. */
    List<RemovedAddress> takeRemoved() {
        List<RemovedAddress> removed = List.copyOf(removedAddresses);
        removedAddresses.clear();
        return removed;
    }

    /** Called when any peer was heard; returns whether the local peer was offline until now. */
    boolean reached() {
        boolean wasOffline = isOffline();
        failedPeers.clear();
        removedAddresses.clear();
        return wasOffline;
    }
}
