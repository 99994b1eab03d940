package io.kad.core.routing;

import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bucket of the routing table: the peers whose distances from the local peer have the same highest bit, and at most one pending peer.
 *
 * <p>Confined to one thread at a time. The array that {@link #peers} returns is never written again, so that any thread may read it.
 */
final class KBucket {
    /*
     * The disconnected peers come first, in the order in which they disconnected. The connected peers follow, in the order in
     * which they connected. So the first peer has been disconnected for the longest time, and is the one to evict. The order
     * changes only with the connection status, never with a response: a peer that stays connected is more useful than a peer
     * that sends many messages (Kademlia paper, section 2.2).
     *
     *     [ disconnected, oldest first | connected, oldest first ]     pending, ready at ...
     *       0                            disconnected           size
     *
     * A connected peer that finds the bucket full becomes pending while the first peer is dialled. If the first peer connects,
     * the pending peer is dropped. Otherwise it replaces the first peer after the pending timeout, even if it has disconnected
     * in the meantime, as in rust-libp2p: it was reachable one timeout ago, and the first peer was not reachable since then.
     * If the pending peer had to be connected still, dead peers would stay in the table wherever idle connections close before
     * the pending timeout.
     */
    private static final PeerInfo[] NO_PEERS = {};

    private final int capacity;
    private PeerInfo[] peers = NO_PEERS;
    private int disconnected;
    private @Nullable PeerInfo pending;
    private long pendingReadyNanos;

    KBucket(int capacity) {
        this.capacity = capacity;
    }

    /** Insertion of the pending peer, and the peer that was evicted for it. */
    record Applied(PeerInfo inserted, Optional<PeerId> evicted) {}

    /** Returns the peers in order; the array must not be modified. */
    PeerInfo[] peers() {
        return peers;
    }

    int size() {
        return peers.length;
    }

    boolean isFull() {
        return peers.length >= capacity;
    }

    /** Returns the index of {@code peer}, or -1 if it is absent or only pending. */
    int indexOf(PeerId peer) {
        for (int i = 0; i < peers.length; i++) {
            if (peers[i].id().equals(peer)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the pending peer; null if there is none. */
    @Nullable
    PeerInfo pending() {
        return pending;
    }

    boolean isPending(PeerId peer) {
        return pending != null && pending.id().equals(peer);
    }

    /** Returns the time at which {@link #applyPending} must be called; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos() {
        return pending == null ? Long.MAX_VALUE : pendingReadyNanos;
    }

    /** Inserts a new peer behind the peers of the same connection status. The bucket must not be full. */
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

    /** Returns whether a new peer can become pending: it is connected, no other peer is pending, and the first peer is disconnected. */
    boolean canBecomePending(PeerInfo peer) {
        return isConnected(peer) && pending == null && disconnected > 0;
    }

    /** Makes {@code peer} the pending peer until {@code readyNanos}. */
    void setPending(PeerInfo peer, long readyNanos) {
        pending = peer;
        pendingReadyNanos = readyNanos;
    }

    /** Replaces the pending peer by {@code peer}, which has the same peer ID. */
    void replacePending(PeerInfo peer) {
        pending = peer;
    }

    void dropPending() {
        pending = null;
    }

    /**
     * Replaces the peer at {@code index} by {@code peer}, which has the same peer ID. If its connection status changed, its index changes
     * too.
     */
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

    /** Inserts or drops the pending peer if its time has come; empty if no peer was inserted. */
    Optional<Applied> applyPending(long nowNanos, boolean evicts) {
        PeerInfo peer = pending;
        if (peer == null || nowNanos < pendingReadyNanos) {
            return Optional.empty();
        }
        pending = null;
        if (!isFull()) {
            add(peer);
            return Optional.of(new Applied(peer, Optional.empty()));
        }
        if (disconnected == 0 || !evicts) {
            return Optional.empty();
        }
        PeerId evicted = peers[0].id();
        removeAt(0);
        add(peer);
        return Optional.of(new Applied(peer, Optional.of(evicted)));
    }

    static boolean isConnected(PeerInfo peer) {
        return peer.connection() == ConnectionType.CONNECTED;
    }
}
