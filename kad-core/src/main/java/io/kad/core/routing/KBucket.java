package io.kad.core.routing;

import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose distance from here has the same highest bit, and at most one newcomer that waits for a place.
 *
 * <p>Confined to one thread; the array that {@link #peers} returns is never written again, so that others may read it.
 */
final class KBucket {
    /*
     * The disconnected peers come first, in the order in which they disconnected, then the connected ones, in the order in
     * which they connected. So the first peer is the one that has been away for longest, and the one to give way. The order
     * changes with the status only, never because a peer was heard of: peers that stay are worth more than peers that talk
     * (Kademlia paper, section 2.2).
     *
     *     [ disconnected, oldest first | connected, oldest first ]     pending, ready at ...
     *       0                            disconnected           size
     *
     * A connected newcomer to a full bucket pends while the first peer is probed. If that peer connects, the newcomer is
     * forgotten. Otherwise the newcomer takes its place once it is ready, even if it has disconnected meanwhile, as in rust:
     * it was there a timeout ago, whereas the first peer was asked to show up since then and did not. To demand that it still
     * be connected would keep dead peers where idle connections close as soon as newcomers become ready.
     */
    private static final PeerInfo[] NOBODY = {};

    private final int capacity;
    private PeerInfo[] peers = NOBODY;
    private int disconnected;
    private @Nullable PeerInfo pending;
    private long pendingReadyNanos;

    KBucket(int capacity) {
        this.capacity = capacity;
    }

    /** What became of the pending peer. */
    record Applied(PeerInfo added, Optional<PeerId> evicted) {}

    /** Returns the peers in their order; not to be written to. */
    PeerInfo[] peers() {
        return peers;
    }

    int size() {
        return peers.length;
    }

    boolean isFull() {
        return peers.length >= capacity;
    }

    /** Returns the position of {@code peer}, or -1 if it is not here or only pending. */
    int indexOf(PeerId peer) {
        for (int i = 0; i < peers.length; i++) {
            if (peers[i].id().equals(peer)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the newcomer that waits for a place. */
    @Nullable
    PeerInfo pending() {
        return pending;
    }

    boolean isPending(PeerId peer) {
        return pending != null && pending.id().equals(peer);
    }

    /** Returns when the pending peer is to be applied; {@link Long#MAX_VALUE} if there is none. */
    long deadlineNanos() {
        return pending == null ? Long.MAX_VALUE : pendingReadyNanos;
    }

    /** Puts a newcomer where its status belongs. The bucket must not be full. */
    void add(PeerInfo peer) {
        int index = isConnected(peer) ? peers.length : disconnected;
        PeerInfo[] changed = new PeerInfo[peers.length + 1];
        System.arraycopy(peers, 0, changed, 0, index);
        changed[index] = peer;
        System.arraycopy(peers, index, changed, index + 1, peers.length - index);
        peers = changed;
        if (!isConnected(peer)) {
            disconnected++;
        }
    }

    /** Returns whether a newcomer can become pending: it is connected, and the first peer is not. */
    boolean canBecomePending(PeerInfo newcomer) {
        return isConnected(newcomer) && pending == null && disconnected > 0;
    }

    /** Lets {@code newcomer} wait until {@code readyNanos}. */
    void setPending(PeerInfo newcomer, long readyNanos) {
        pending = newcomer;
        pendingReadyNanos = readyNanos;
    }

    /** Puts {@code peer} in the place of what was known of the pending peer, which has the same id. */
    void replacePending(PeerInfo peer) {
        pending = peer;
    }

    void dropPending() {
        pending = null;
    }

    /** Puts {@code peer} in the place of what was known of it, or, if its status is another, where that belongs. */
    void replace(int index, PeerInfo peer) {
        if (isConnected(peers[index]) == isConnected(peer)) {
            PeerInfo[] changed = peers.clone();
            changed[index] = peer;
            peers = changed;
            return;
        }
        removeAt(index);
        add(peer);
        if (index == 0 && isConnected(peer)) {
            pending = null;
        }
    }

    void removeAt(int index) {
        if (!isConnected(peers[index])) {
            disconnected--;
        }
        PeerInfo[] changed = new PeerInfo[peers.length - 1];
        System.arraycopy(peers, 0, changed, 0, index);
        System.arraycopy(peers, index + 1, changed, index, changed.length - index);
        peers = changed;
    }

    /** Decides about the pending peer if it is ready; empty if nothing entered. */
    Optional<Applied> applyPending(long nowNanos) {
        PeerInfo newcomer = pending;
        if (newcomer == null || nowNanos < pendingReadyNanos) {
            return Optional.empty();
        }
        pending = null;
        if (!isFull()) {
            add(newcomer);
            return Optional.of(new Applied(newcomer, Optional.empty()));
        }
        if (disconnected == 0) {
            return Optional.empty();
        }
        PeerId evicted = peers[0].id();
        removeAt(0);
        add(newcomer);
        return Optional.of(new Applied(newcomer, Optional.of(evicted)));
    }

    static boolean isConnected(PeerInfo peer) {
        return peer.connection() == ConnectionType.CONNECTED;
    }
}
