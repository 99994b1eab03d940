package io.kad.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.RoutingTableView;
import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Tables and their snapshots against a sorted list. */
class RoutingSnapshotTest {

    /** A table after a random life, and the peers that ought to be in it. */
    private record Lived(PeerId self, RoutingTable table, List<PeerId> present, RandomPeers random) {

        static Lived of(long seed, int peers, int bucketSize) {
            RandomPeers random = new RandomPeers(seed);
            PeerId self = random.peer();
            Lived lived = new Lived(self, new RoutingTable(self, bucketSize, 1, 4), new ArrayList<>(), random);
            for (PeerId peer : random.peers(peers)) {
                lived.add(peer);
                if (random.random().nextInt(5) == 0) {
                    lived.removeAny();
                }
            }
            return lived;
        }

        void add(PeerId peer) {
            boolean connected = random.random().nextBoolean();
            List<Multiaddr> addresses = List.of(RandomPeers.address(1));
            if (table.insert(0, peer, addresses, connected).outcome() == RoutingTable.Outcome.INSERTED) {
                present.add(peer);
            }
        }

        void removeAny() {
            if (!present.isEmpty()) {
                table.remove(present.remove(random.random().nextInt(present.size())));
            }
        }

        /** Places of every kind: anywhere, near this peer, near another, and exactly at one of them. */
        KadKey target() {
            Random drawn = random.random();
            KadKey base = present.isEmpty() || drawn.nextBoolean()
                    ? self.kadKey()
                    : present.get(drawn.nextInt(present.size())).kadKey();
            return switch (drawn.nextInt(3)) {
                case 0 -> random.place();
                case 1 -> base;
                default -> flip(base, drawn.nextInt(24));
            };
        }
    }

    private static KadKey flip(KadKey place, int prefix) {
        return place.xor(Distance.of(Long.MIN_VALUE >>> prefix, 0, 0, 0));
    }

    private static List<PeerId> ids(List<PeerInfo> peers) {
        return peers.stream().map(PeerInfo::id).toList();
    }

    @Property(tries = 2000)
    void theClosestPeersAreTheFirstOfASortedList(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 300) int peers,
            @ForAll @IntRange(min = 1, max = 40) int bucketSize,
            @ForAll @IntRange(min = 0, max = 60) int count) {
        Lived lived = Lived.of(seed, peers, bucketSize);
        for (int i = 0; i < 4; i++) {
            KadKey target = lived.target();
            List<PeerId> sorted = RandomPeers.sorted(lived.present, target);

            assertThat(ids(lived.table.closest(target, count)))
                    .isEqualTo(sorted.subList(0, Math.min(count, sorted.size())));
            assertThat(ids(lived.table.closest(target, Integer.MAX_VALUE))).isEqualTo(sorted);
            assertThat(ids(lived.table.snapshot().closestExcept(target, count, peer -> peer.hashCode() % 3 == 0)))
                    .isEqualTo(sorted.stream()
                            .filter(peer -> peer.hashCode() % 3 != 0)
                            .limit(count)
                            .toList());
        }
    }

    @Property(tries = 1000)
    void peersBetweenAreThoseNearerToTheTargetThanThisPeerAndNoFartherFromHere(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int peers) {
        Lived lived = Lived.of(seed, peers, 20);
        KadKey here = lived.self.kadKey();
        for (int i = 0; i < 4; i++) {
            KadKey target = lived.target();
            long between = lived.present.stream()
                    .map(PeerId::kadKey)
                    .filter(place -> target.distance(place).compareTo(target.distance(here)) < 0)
                    .filter(place -> here.distance(place).compareTo(here.distance(target)) <= 0)
                    .count();

            assertThat(lived.table.peersCloserThan(target)).isEqualTo((int) between);
        }
    }

    @Property(tries = 1000)
    void movingTheTargetAwayByOneBitNeverBringsFewerPeersBetween(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 24) int prefix) {
        Lived lived = Lived.of(seed, 150, 20);
        KadKey target = lived.random.place();
        KadKey moved = flip(target, prefix);
        boolean farther = lived.self.kadKey().compareDistance(target, moved) < 0;
        KadKey near = farther ? target : moved;
        KadKey far = farther ? moved : target;

        assertThat(lived.table.peersCloserThan(near)).isLessThanOrEqualTo(lived.table.peersCloserThan(far));
    }

    @Property(tries = 1000)
    void aSnapshotStaysWhatItWasWhateverHappensToTheTable(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int peers) {
        Lived lived = Lived.of(seed, peers, 3);
        RoutingSnapshot snapshot = lived.table.snapshot();
        KadKey target = lived.random.place();
        RoutingTableView view = snapshot.view();
        List<PeerInfo> all = snapshot.closest(target, snapshot.size());
        List<PeerId> present = List.copyOf(lived.present);

        for (PeerId peer : lived.random.peers(30)) {
            lived.add(peer);
            lived.removeAny();
            lived.present.stream()
                    .skip(3)
                    .limit(3)
                    .forEach(each ->
                            lived.table.setConnected(each, lived.random.random().nextBoolean()));
            lived.table.applyPending(1);
        }

        assertThat(snapshot.view()).isSameAs(view);
        assertThat(snapshot.closest(target, snapshot.size())).isEqualTo(all);
        assertThat(snapshot.size()).isEqualTo(present.size());
        assertThat(present).allMatch(snapshot::contains);
        assertThat(view.entries().stream().map(RoutingTableView.Entry::peer).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(present));
        assertThatThrownBy(() -> snapshot.closest(target, 20).set(0, PeerInfo.of(lived.self, List.of())))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Property(tries = 1000)
    void aPeerIsFoundIfAndOnlyIfItIsPresent(@ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int peers) {
        Lived lived = Lived.of(seed, peers, 20);

        assertThat(lived.present)
                .allMatch(peer -> lived.table.find(peer).map(PeerInfo::id).equals(Optional.of(peer)));
        assertThat(lived.random.peers(20)).noneMatch(lived.table::contains);
        assertThat(lived.table.size()).isEqualTo(lived.present.size());
    }

    @Example
    void anEmptySnapshotKnowsNobody() {
        PeerId self = new RandomPeers(1).peer();
        RoutingSnapshot empty = RoutingSnapshot.empty(self);

        assertThat(empty.size()).isZero();
        assertThat(empty.closest(self.kadKey(), 20)).isEmpty();
        assertThat(empty.peersCloserThan(new RandomPeers(2).place())).isZero();
        assertThat(empty.view().entries()).isEmpty();
        assertThat(empty.contains(self)).isFalse();
    }
}
