package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.QueryKind;
import io.kad.api.RoutingTableView;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.ClosestPeersResult;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of networks in which each routing table contains only the next peer. */
class ChainTest {

    private static SimNetwork chain(int size, long seed, int paths) {
        SimNetwork network = SimNetwork.builder()
                .peers(size)
                .seed(seed)
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                        .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                        .set(KademliaConfig.DISJOINT_PATHS, paths)
                        .build())
                .tables(TableInit.NONE)
                .build();
        for (int i = 0; i + 1 < size; i++) {
            addToTable(network, i, i + 1);
        }
        return network;
    }

    private static void addToTable(SimNetwork network, int owner, int other) {
        SimPeer added = network.peer(other);
        network.await(network.peer(owner).kademlia().addAddress(added.id(), added.address()));
    }

    private static Set<PeerId> table(Kademlia peer) {
        Set<PeerId> ids = new HashSet<>();
        peer.routingTable().entries().stream().map(RoutingTableView.Entry::peer).forEach(ids::add);
        return ids;
    }

    private static Set<PeerId> allExcept(SimNetwork network, int number) {
        Set<PeerId> ids = new HashSet<>();
        network.peers().stream()
                .filter(peer -> peer.number() != number)
                .map(SimPeer::id)
                .forEach(ids::add);
        return ids;
    }

    @ParameterizedTest
    @CsvSource({"2,1", "3,3", "7,1", "12,3", "19,1", "19,3"})
    void aBootstrapOfTheFirstPeerFindsAllPeers(int size, int paths) {
        for (long seed = 1; seed <= 5; seed++) {
            try (SimNetwork network = chain(size, seed, paths)) {
                Kademlia first = network.peer(0).kademlia();
                network.await(first.bootstrap().result());
                assertThat(table(first)).as("seed %s", seed).isEqualTo(allExcept(network, 0));
                assertThat(first.queries()).isEmpty();
            }
        }
    }

    @Test
    void aLookupFindsAllPeersInOrderOfDistanceAndIsListedWhileRunning() {
        for (long seed = 1; seed <= 10; seed++) {
            try (SimNetwork network = chain(2 + (int) seed, seed, 1)) {
                Kademlia first = network.peer(0).kademlia();
                Bytes key = Bytes.utf8("key " + seed);
                Query<ClosestPeersResult> query = first.getClosestPeers(key, 20);
                network.advance(Duration.ofMillis(1));
                assertThat(first.queries()).singleElement().satisfies(running -> {
                    assertThat(running.id()).isEqualTo(query.id());
                    assertThat(running.kind()).isEqualTo(QueryKind.GET_CLOSEST_PEERS);
                });
                assertThat(first.query(query.id())).contains(query);
                List<PeerInfo> found = network.await(query.result()).peers();
                KadKey target = KadKey.hash(key);
                assertThat(found)
                        .extracting(PeerInfo::id)
                        .containsExactlyInAnyOrderElementsOf(allExcept(network, 0))
                        .isSortedAccordingTo(Comparator.comparing(peer -> target.distance(peer.kadKey())));
                assertThat(first.queries()).isEmpty();
                assertThat(first.query(query.id())).isEmpty();
            }
        }
    }

    @Test
    void peersThatDoNotRespondAreNotInTheResult() {
        try (SimNetwork network = chain(2, 3, 1)) {
            SimPeer second = network.peer(1);
            for (int i = 0; i < 10; i++) {
                var unused = second.kademlia()
                        .addAddress(
                                PeerId.fromPublicKey(Bytes.utf8("absent " + i)),
                                Multiaddr.parse("/ip4/192.0.2.1/tcp/" + (1000 + i)));
            }
            network.advance(Duration.ofSeconds(1));
            assertThat(second.kademlia().routingTable().entries()).hasSizeGreaterThanOrEqualTo(10);
            assertThat(network.await(network.peer(0)
                                    .kademlia()
                                    .getClosestPeers(Bytes.utf8("key"), 20)
                                    .result())
                            .peers())
                    .extracting(PeerInfo::id)
                    .containsExactly(second.id());
        }
    }

    @Test
    void anAbsentRecordIsNotFoundAndEveryPeerIsQueried() {
        try (SimNetwork network = chain(3, 4, 1)) {
            Query<?> query = network.peer(0).kademlia().getRecord(RecordKey.utf8("/app/absent"), Quorum.one());
            assertThatThrownBy(() -> network.await(query.result()))
                    .hasCauseInstanceOf(KadException.NotFound.class)
                    .satisfies(e -> assertThat(((KadException.NotFound) e.getCause()).closestPeers())
                            .containsExactlyInAnyOrderElementsOf(allExcept(network, 0)));
        }
    }

    @Test
    void aRecordAtTheEndOfTheChainIsFoundFromTheFirstPeer() throws Exception {
        try (SimNetwork network = chain(4, 5, 1)) {
            Record record = Record.of(RecordKey.utf8("/app/far"), Bytes.utf8("value"));
            network.peer(3).kademlia().recordStore().update(record.key(), held -> Optional.of(record));
            var found = network.await(network.peer(0)
                    .kademlia()
                    .getRecord(record.key(), Quorum.one())
                    .result());
            assertThat(found.record().value()).isEqualTo(record.value());
            assertThat(found.from()).contains(network.peer(3).id());
        }
    }

    @Test
    void twoPeersThatDialEachOtherConcurrentlyBothGetAResponse() {
        for (long seed = 1; seed <= 20; seed++) {
            try (SimNetwork network = chain(2, seed, 1)) {
                addToTable(network, 1, 0);
                Query<ClosestPeersResult> one = network.peer(0).kademlia().getClosestPeers(Bytes.utf8("a"), 20);
                Query<ClosestPeersResult> other = network.peer(1).kademlia().getClosestPeers(Bytes.utf8("b"), 20);
                assertThat(network.await(one.result()).peers()).hasSize(1);
                assertThat(network.await(other.result()).peers()).hasSize(1);
                assertThat(IntStream.of(0, 1)
                                .mapToObj(i -> table(network.peer(i).kademlia())))
                        .containsExactly(
                                Set.of(network.peer(1).id()),
                                Set.of(network.peer(0).id()));
            }
        }
    }
}
