package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the peers of the routing table are saved, and what becomes of them. */
class PeerSnapshotsTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final ManualEnvironment world = new ManualEnvironment();
    private final HeapSnapshotStore store = new HeapSnapshotStore();

    private Kademlia peer() {
        return new PeerBuilder()
                .identity(TestIdentity.of(0))
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.PROTOCOL, "/test/kad/1.0.0")
                        .set(KademliaConfig.PEER_SNAPSHOT_INTERVAL, INTERVAL)
                        .build())
                .transport(new RecordingTransport())
                .recordStore(new HeapRecordStore())
                .providerStore(new HeapProviderStore())
                .peerSnapshotStore(store)
                .environment(world.environment())
                .build();
    }

    private static PeerId id(int number) {
        return TestIdentity.of(number).peerId();
    }

    private static Multiaddr address(int number) {
        return Multiaddr.parse("/ip4/10.0.0.1/tcp/" + number);
    }

    private void add(Kademlia peer, int number) {
        var unused = peer.addAddress(id(number), address(number));
        world.settle();
    }

    private static List<PeerId> ids(List<PeerInfo> peers) {
        return peers.stream().map(PeerInfo::id).toList();
    }

    @Test
    void theFirstChangeIsSavedSoonAndLaterOnesWaitLonger() {
        Kademlia peer = peer();
        add(peer, 1);
        world.pass(Duration.ofMillis(999).toNanos());
        assertThat(store.saves).isEmpty();
        world.pass(Duration.ofMillis(1).toNanos());
        assertThat(store.last()).containsExactly(PeerInfo.of(id(1), List.of(address(1))));
        for (int i = 2; i < 8; i++) {
            add(peer, i);
            world.pass(Duration.ofSeconds(1).toNanos());
        }
        assertThat(store.saves).hasSizeLessThan(5);
        world.pass(INTERVAL.toNanos());
        assertThat(ids(store.last()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(1, 8).mapToObj(PeerSnapshotsTest::id).toList());
    }

    @Test
    void whatHasNotChangedIsNotSavedAgain() {
        Kademlia peer = peer();
        add(peer, 1);
        world.pass(Duration.ofMinutes(1).toNanos());
        assertThat(store.saves).hasSize(1);
        add(peer, 1);
        var unused = peer.removeAddress(id(1), address(9));
        world.pass(Duration.ofMinutes(1).toNanos());
        peer.close();
        assertThat(store.saves).hasSize(1);
    }

    @Test
    void whatChangedLastIsSavedAtTheEnd() {
        Kademlia peer = peer();
        add(peer, 1);
        peer.close();
        assertThat(ids(store.last())).containsExactly(id(1));
        assertThat(store.closes).as("a store that was given is not closed").isZero();
        world.pass(Duration.ofMinutes(1).toNanos());
        assertThat(store.saves).hasSize(1);
    }

    @Test
    void aPeerBeginsWithThePeersOfItsLastRun() {
        Kademlia first = peer();
        add(first, 1);
        add(first, 2);
        first.close();
        Kademlia second = peer();
        world.settle();
        assertThat(second.routingTable().entries()).hasSize(2).noneMatch(entry -> entry.connected());
        assertThat(second.knownAddresses(id(2))).containsExactly(address(2));
    }

    @Test
    void anEmptyTableDoesNotReplaceTheWayBack() {
        Kademlia peer = peer();
        add(peer, 1);
        world.pass(INTERVAL.toNanos());
        var unused = peer.removePeer(id(1));
        world.pass(Duration.ofMinutes(1).toNanos());
        peer.close();
        assertThat(ids(store.last())).containsExactly(id(1));
    }

    @Test
    void aStoreThatFailsHarmsNothingAndIsTriedAgain() {
        store.failing = true;
        Kademlia peer = peer();
        add(peer, 1);
        world.pass(INTERVAL.toNanos());
        assertThat(store.saves).isEmpty();
        store.failing = false;
        world.pass(INTERVAL.toNanos());
        assertThat(ids(store.last())).as("although nothing has changed since").containsExactly(id(1));
        peer.close();
    }
}
