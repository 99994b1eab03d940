package io.kad.core.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.RoutingTableView;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.routing.RoutingTable.Insertion;
import io.kad.core.routing.RoutingTable.Outcome;
import io.kad.core.routing.RoutingTable.Replacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTableTest {

    private static final long TIMEOUT = 60;
    private static final int MAX_ADDRESSES = 3;
    private static final Multiaddr ADDRESS = RandomPeers.address(1);

    private final RandomPeers random = new RandomPeers(42);
    private final PeerId self = random.peer();

    private RoutingTable table(int bucketSize) {
        return new RoutingTable(self, bucketSize, TIMEOUT, MAX_ADDRESSES);
    }

    private static Insertion insert(RoutingTable table, long now, PeerId peer, boolean connected) {
        return table.insert(now, peer, List.of(ADDRESS), connected);
    }

    private static List<PeerId> order(RoutingTable table) {
        return table.snapshot().view().entries().stream()
                .map(RoutingTableView.Entry::peer)
                .toList();
    }

    @Test
    void anInsertedPeerIsTheOnlyClosestOne() {
        RoutingTable table = table(20);
        PeerId peer = random.peer();

        Insertion insertion = insert(table, 0, peer, true);

        assertThat(insertion.outcome()).isEqualTo(Outcome.INSERTED);
        assertThat(table.closest(random.place(), 20)).extracting(PeerInfo::id).containsExactly(peer);
        assertThat(table.find(peer)).get().extracting(PeerInfo::addresses).isEqualTo(List.of(ADDRESS));
        assertThat(table.contains(peer)).isTrue();
    }

    @Test
    void theOwnIdHasNoPlace() {
        RoutingTable table = table(20);

        assertThat(insert(table, 0, self, true)).isEqualTo(new Insertion(Outcome.SELF, -1, Optional.empty()));
        assertThat(table.size()).isZero();
        assertThat(table.find(self)).isEmpty();
        assertThat(table.setConnected(self, true)).isFalse();
        assertThat(table.remove(self)).isFalse();
        assertThat(table.dialFailed(self, ADDRESS)).isFalse();
        assertThat(table.peersCloserThan(self.kadKey())).isZero();
    }

    @Test
    void aNewPeerWithoutAddressIsRefusedSinceNobodyCouldReachIt() {
        assertThatThrownBy(() -> table(20).insert(0, random.peer(), List.of(), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have an address");
    }

    @Test
    void everyPeerIsInTheBucketOfItsDistance() {
        RoutingTable table = table(1000);
        for (PeerId peer : random.peers(2000)) {
            int bucket = insert(table, 0, peer, false).bucket();
            assertThat(bucket).isEqualTo(self.kadKey().distance(peer.kadKey()).log2());
        }
        List<Integer> occupied = table.nonEmptyBuckets();
        assertThat(occupied).isSorted().doesNotHaveDuplicates();
        assertThat(occupied.stream().mapToInt(table::bucketSize).sum()).isEqualTo(table.size());
        assertThat(table.snapshot().view().entries())
                .extracting(RoutingTableView.Entry::bucket)
                .isSorted();
        assertThat(table.bucketSize(0)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 20, 200, 2000})
    void aBucketHoldsExactlyItsSize(int bucketSize) {
        RoutingTable table = table(bucketSize);
        List<PeerId> peers = random.peersInBucket(self, 255, bucketSize + 1);

        for (PeerId peer : peers.subList(0, bucketSize)) {
            assertThat(insert(table, 0, peer, false).outcome()).isEqualTo(Outcome.INSERTED);
        }

        assertThat(insert(table, 0, peers.get(bucketSize), false).outcome()).isEqualTo(Outcome.FULL);
        assertThat(table.size()).isEqualTo(bucketSize);
    }

    @Test
    void aFullBucketTurnsFromDisconnectedToConnectedPeersOneByOne() {
        RoutingTable table = table(20);
        List<PeerId> old = random.peersInBucket(self, 255, 20);
        List<PeerId> newcomers = random.peersInBucket(self, 255, 22);
        old.forEach(peer -> insert(table, 0, peer, false));
        assertThat(insert(table, 0, newcomers.get(0), false).outcome()).isEqualTo(Outcome.FULL);

        long now = 0;
        for (int i = 0; i < 20; i++) {
            assertThat(insert(table, now, newcomers.get(i), true))
                    .isEqualTo(new Insertion(Outcome.PENDING, 255, Optional.of(old.get(i))));
            assertThat(insert(table, now, newcomers.get(i + 1), true).outcome()).isEqualTo(Outcome.FULL);
            assertThat(table.contains(newcomers.get(i))).isFalse();
            assertThat(table.nextDeadlineNanos()).isEqualTo(now + TIMEOUT);
            assertThat(table.applyPending(now + TIMEOUT - 1)).isEmpty();
            now += TIMEOUT;
            assertThat(table.applyPending(now))
                    .containsExactly(new Replacement(newcomers.get(i), Optional.of(old.get(i)), 255, List.of(ADDRESS)));
            assertThat(table.applyPending(now)).isEmpty();
            assertThat(table.contains(old.get(i))).isFalse();
        }

        assertThat(order(table)).isEqualTo(newcomers.subList(0, 20));
        assertThat(insert(table, now, newcomers.get(21), true).outcome()).isEqualTo(Outcome.FULL);
        assertThat(table.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aNewcomerIsForgottenWhenTheFirstPeerConnects() {
        RoutingTable table = table(3);
        List<PeerId> peers = random.peersInBucket(self, 255, 4);
        peers.subList(0, 3).forEach(peer -> insert(table, 0, peer, false));
        insert(table, 0, peers.get(3), true);

        assertThat(table.setConnected(peers.get(1), true)).isTrue();
        assertThat(table.nextDeadlineNanos()).isEqualTo(TIMEOUT);
        assertThat(table.setConnected(peers.get(0), true)).isTrue();

        assertThat(table.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(table.applyPending(TIMEOUT)).isEmpty();
        assertThat(order(table)).containsExactly(peers.get(2), peers.get(1), peers.get(0));
    }

    @Test
    void aNewcomerTakesAFreePlaceWithoutEvictingAnybody() {
        RoutingTable table = table(2);
        List<PeerId> peers = random.peersInBucket(self, 255, 3);
        peers.subList(0, 2).forEach(peer -> insert(table, 0, peer, false));
        insert(table, 0, peers.get(2), true);
        table.remove(peers.get(0));

        assertThat(table.applyPending(TIMEOUT))
                .containsExactly(new Replacement(peers.get(2), Optional.empty(), 255, List.of(ADDRESS)));
        assertThat(order(table)).containsExactly(peers.get(1), peers.get(2));
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void aNewcomerIsForgottenWhenOnlyConnectedPeersAreLeft() {
        RoutingTable table = table(1);
        List<PeerId> peers = random.peersInBucket(self, 255, 3);
        insert(table, 0, peers.get(0), false);
        insert(table, 0, peers.get(1), true);
        table.remove(peers.get(0));
        insert(table, 0, peers.get(2), true);

        assertThat(table.applyPending(TIMEOUT)).isEmpty();
        assertThat(order(table)).containsExactly(peers.get(2));
        assertThat(table.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aNewcomerThatDisconnectedMeanwhileStillReplacesThePeerThatDidNotShowUp() {
        RoutingTable table = table(2);
        List<PeerId> peers = random.peersInBucket(self, 255, 3);
        insert(table, 0, peers.get(0), false);
        insert(table, 0, peers.get(1), true);
        insert(table, 0, peers.get(2), true);
        assertThat(table.setConnected(peers.get(2), false)).isTrue();

        assertThat(table.applyPending(TIMEOUT)).hasSize(1);
        assertThat(order(table)).containsExactly(peers.get(2), peers.get(1));
        assertThat(table.find(peers.get(2))).get().matches(peer -> !KBucket.isConnected(peer));
    }

    @Test
    void theEarliestOfSeveralNewcomersSetsTheDeadline() {
        RoutingTable table = table(1);
        List<PeerId> near = random.peersInBucket(self, 254, 2);
        List<PeerId> far = random.peersInBucket(self, 255, 2);
        insert(table, 0, near.get(0), false);
        insert(table, 0, far.get(0), false);
        insert(table, 5, near.get(1), true);
        insert(table, 9, far.get(1), true);

        assertThat(table.nextDeadlineNanos()).isEqualTo(5 + TIMEOUT);
        assertThat(table.applyPending(5 + TIMEOUT)).hasSize(1);
        assertThat(table.nextDeadlineNanos()).isEqualTo(9 + TIMEOUT);
        assertThat(table.remove(far.get(1))).isTrue();
        assertThat(table.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void addressesAreMergedNewestFirstAndNeverMoreThanAllowed() {
        RoutingTable table = table(20);
        PeerId peer = random.peer();
        List<Multiaddr> all =
                IntStream.range(0, 5).mapToObj(RandomPeers::address).toList();

        table.insert(0, peer, List.of(all.get(0), all.get(0)), false);
        assertThat(table.find(peer).orElseThrow().addresses()).containsExactly(all.get(0));
        assertThat(table.insert(0, peer, List.of(all.get(1), all.get(2)), false).outcome())
                .isEqualTo(Outcome.UPDATED);
        assertThat(table.find(peer).orElseThrow().addresses()).containsExactly(all.get(1), all.get(2), all.get(0));
        table.insert(0, peer, List.of(all.get(3)), false);
        assertThat(table.find(peer).orElseThrow().addresses()).containsExactly(all.get(3), all.get(1), all.get(2));
        assertThat(table.insert(0, peer, List.of(all.get(2)), false).outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(table.find(peer).orElseThrow().addresses()).containsExactly(all.get(2), all.get(3), all.get(1));
        assertThat(table.insert(0, peer, List.of(), true).outcome()).isEqualTo(Outcome.UPDATED);
        table.insert(0, peer, all, true);
        assertThat(table.find(peer).orElseThrow().addresses()).isEqualTo(all.subList(0, MAX_ADDRESSES));
    }

    @Test
    void aFailedDialTakesAwayTheAddressButNeverTheLastOne() {
        RoutingTable table = table(20);
        PeerId peer = random.peer();
        Multiaddr other = RandomPeers.address(2);
        table.insert(0, peer, List.of(ADDRESS, other), false);

        assertThat(table.dialFailed(peer, RandomPeers.address(3))).isFalse();
        assertThat(table.dialFailed(peer, ADDRESS)).isTrue();
        assertThat(table.dialFailed(peer, other)).isFalse();
        assertThat(table.find(peer).orElseThrow().addresses()).containsExactly(other);
        assertThat(table.dialFailed(random.peer(), other)).isFalse();
    }

    @Test
    void aPeerGoesWithItsLastAddressWhenThatIsRemoved() {
        RoutingTable table = table(20);
        PeerId peer = random.peer();
        Multiaddr other = RandomPeers.address(2);
        table.insert(0, peer, List.of(ADDRESS, other), false);

        assertThat(table.removeAddress(peer, ADDRESS)).isTrue();
        assertThat(table.removeAddress(peer, ADDRESS)).isFalse();
        assertThat(table.contains(peer)).isTrue();
        assertThat(table.removeAddress(peer, other)).isTrue();
        assertThat(table.contains(peer)).isFalse();
        assertThat(table.size()).isZero();
        assertThat(table.remove(peer)).isFalse();
    }

    @Test
    void whatIsNewAboutAWaitingPeerIsKeptUntilItEnters() {
        RoutingTable table = table(1);
        List<PeerId> peers = random.peersInBucket(self, 255, 2);
        Multiaddr other = RandomPeers.address(2);
        insert(table, 0, peers.get(0), false);
        insert(table, 0, peers.get(1), true);

        assertThat(table.insert(30, peers.get(1), List.of(other), true))
                .isEqualTo(new Insertion(Outcome.PENDING, 255, Optional.empty()));
        assertThat(table.nextDeadlineNanos()).isEqualTo(TIMEOUT);
        assertThat(table.applyPending(TIMEOUT).get(0).addresses()).containsExactly(other, ADDRESS);
    }

    @Test
    void bucketsBehindTheNearestPeerAreRefreshedEmptyOnesIncluded() {
        RoutingTable table = table(20);
        assertThat(table.refreshableBuckets()).isEmpty();
        insert(table, 0, random.peersInBucket(self, 252, 1).get(0), false);
        insert(table, 0, random.peersInBucket(self, 255, 1).get(0), false);

        assertThat(table.refreshableBuckets()).containsExactly(253, 254, 255);
    }

    @Test
    void noMoreThanSixteenBucketsAreRefreshed() {
        RoutingTable table = table(20);
        insert(table, 0, random.peersInBucket(self, 240, 1).get(0), false);
        assertThat(table.refreshableBuckets()).hasSize(15).startsWith(241);
        insert(table, 0, random.peersInBucket(self, 239, 1).get(0), false);
        assertThat(table.refreshableBuckets()).hasSize(16).startsWith(240).endsWith(255);
        insert(table, 0, random.peersInBucket(self, 238, 1).get(0), false);
        assertThat(table.refreshableBuckets()).hasSize(16).startsWith(240).endsWith(255);
    }

    @Test
    void aNumberThatIsTooSmallIsRefused() {
        for (long[] wrong : new long[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertThatThrownBy(() -> new RoutingTable(self, (int) wrong[0], wrong[1], (int) wrong[2]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSnapshotIsMadeOncePerChange() {
        RoutingTable table = table(20);
        RoutingSnapshot empty = table.snapshot();
        List<RoutingSnapshot> snapshots = new ArrayList<>();
        PeerId peer = random.peer();
        insert(table, 0, peer, false);
        snapshots.add(table.snapshot());
        insert(table, 0, peer, false);
        table.setConnected(peer, false);
        table.closest(peer.kadKey(), 3);

        assertThat(table.snapshot()).isSameAs(snapshots.get(0)).isNotSameAs(empty);
        assertThat(empty.size()).isZero();
        table.setConnected(peer, true);
        assertThat(table.snapshot()).isNotSameAs(snapshots.get(0));
        assertThat(snapshots.get(0).view().entries().get(0).connected()).isFalse();
    }
}
