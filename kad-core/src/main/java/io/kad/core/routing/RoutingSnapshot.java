package io.kad.core.routing;

import io.kad.api.RoutingTableView;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.PeerInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A routing table as it was at one moment; immutable, for readers on any thread. */
public final class RoutingSnapshot {

    private final PeerId self;
    private final List<PeerInfo> peers;

    RoutingSnapshot(PeerId self, List<PeerInfo> peers) {
        this.self = self;
        this.peers = List.copyOf(peers);
    }

    /** Returns the table of {@code self} that knows nobody. */
    public static RoutingSnapshot empty(PeerId self) {
        return new RoutingSnapshot(self, List.of());
    }

    /** Returns how many peers are in the table. */
    public int size() {
        return peers.size();
    }

    /** Returns up to {@code count} peers, those closest to {@code target}, nearest first. */
    public List<PeerInfo> closest(KadKey target, int count) {
        return closest(target, count, peer -> false);
    }

    /** Returns up to {@code count} peers that are not {@code excluded}, those closest to {@code target}, nearest first. */
    public List<PeerInfo> closest(KadKey target, int count, Predicate<PeerId> excluded) {
        return byDistance(target)
                .filter(peer -> !excluded.test(peer.id()))
                .limit(count)
                .toList();
    }

    /** Returns the peer with its addresses, if it is in the table. */
    public Optional<PeerInfo> find(PeerId peer) {
        return peers.stream().filter(known -> known.id().equals(peer)).findFirst();
    }

    /** Returns whether the peer is in the table. */
    public boolean contains(PeerId peer) {
        return find(peer).isPresent();
    }

    /** Returns how many peers are nearer to this peer than {@code target} is, as far as the table tells. */
    public int peersCloserThan(KadKey target) {
        return (int) peers.stream()
                .filter(peer -> self.kadKey().compareDistance(peer.id().kadKey(), target) < 0)
                .count();
    }

    /** Returns the table for people. */
    public RoutingTableView view() {
        return new RoutingTableView(byDistance(self.kadKey())
                .map(peer -> new RoutingTableView.Entry(
                        peer.id(),
                        self.kadKey().distance(peer.id().kadKey()).log2(),
                        peer.connection() == ConnectionType.CONNECTED,
                        peer.addresses()))
                .toList());
    }

    private Stream<PeerInfo> byDistance(KadKey target) {
        Comparator<PeerInfo> nearer = (left, right) ->
                target.compareDistance(left.id().kadKey(), right.id().kadKey());
        return peers.stream().sorted(nearer);
    }
}
