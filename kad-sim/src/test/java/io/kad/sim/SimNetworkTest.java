package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.sim.network.SimPeer;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimNetworkTest {

    private static final KademliaConfig CONFIG = KademliaConfig.builder()
            .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
            .build();

    @Test
    void theClosestLocalPeersAreThoseOfTheRoutingTable() {
        try (SimNetwork network = joined(60, 1)) {
            Kademlia peer = network.peer(7).kademlia();
            Bytes key = Bytes.utf8("/app/somewhere");
            KadKey target = KadKey.hash(key);
            List<PeerId> sorted = peer.routingTable().entries().stream()
                    .map(RoutingTableView.Entry::peer)
                    .sorted(Comparator.comparing(entry -> target.distance(entry.kadKey())))
                    .toList();
            long requests = network.requests();

            assertThat(peer.closestLocalPeers(key, 3)).extracting(PeerInfo::id).isEqualTo(sorted.subList(0, 3));
            assertThat(peer.closestLocalPeers(key, 1000))
                    .extracting(PeerInfo::id)
                    .isEqualTo(sorted);
            assertThat(network.requests()).as("nobody is asked").isEqualTo(requests);
        }
    }

    @Test
    void everyPeerFindsTheTrueClosestPeers() {
        try (SimNetwork network = joined(60, 1)) {
            Bytes key = Bytes.utf8("/app/somewhere");
            for (SimPeer peer : network.peers()) {
                List<PeerId> found = network
                        .await(peer.kademlia().getClosestPeers(key, 20).result())
                        .peers()
                        .stream()
                        .map(PeerInfo::id)
                        .toList();
                assertThat(found).isEqualTo(closest(network, peer, key)).isEqualTo(network.closest(key, 20, peer));
            }
        }
    }

    @Test
    void recordsProvidersAndPeersAreFoundFromEveryPeer() {
        try (SimNetwork network = joined(40, 2)) {
            List<Kademlia> peers =
                    network.peers().stream().map(SimPeer::kademlia).toList();
            RecordKey key = RecordKey.utf8("/app/greeting");
            Bytes value = Bytes.utf8("hello");
            network.await(
                    peers.get(3).putRecord(Record.of(key, value), Quorum.all()).result());
            RecordKey content = RecordKey.of(Multihash.sha256(value));
            network.await(peers.get(4).startProviding(content).result());
            for (Kademlia peer : peers.subList(5, 40)) {
                assertThat(network.await(peer.getRecord(key, Quorum.one()).result())
                                .record()
                                .value())
                        .isEqualTo(value);
                assertThat(network.await(peer.getProviders(content, 0).result()).providers())
                        .extracting(PeerInfo::id)
                        .containsExactly(peers.get(4).peerId());
                assertThat(network.await(peer.findPeer(peers.get(0).peerId()).result())
                                .peer()
                                .addresses())
                        .isEqualTo(peers.get(0).addresses());
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        assertThat(traceOf(7)).isEqualTo(traceOf(7)).isNotEqualTo(traceOf(8));
    }

    @Test
    void queriesFinishWhenTheirPeersCrash() {
        try (SimNetwork network = joined(30, 3)) {
            List<Kademlia> peers =
                    network.peers().stream().map(SimPeer::kademlia).toList();
            var query = peers.get(0).getClosestPeers(Bytes.utf8("/app/x"), 20);
            network.peers().subList(1, 30).forEach(network::crash);
            assertThatThrownBy(() -> network.await(query.result())).hasCauseInstanceOf(KadException.NoPeers.class);
        }
    }

    private static long traceOf(long seed) {
        try (SimNetwork network = joined(25, seed)) {
            return network.traceHash();
        }
    }

    private static SimNetwork joined(int size, long seed) {
        return SimNetwork.builder()
                .peers(size)
                .seed(seed)
                .config(CONFIG)
                .tables(TableInit.JOINED)
                .build();
    }

    private static List<PeerId> closest(SimNetwork network, SimPeer searcher, Bytes key) {
        KadKey target = KadKey.hash(key);
        return network.peers().stream()
                .map(SimPeer::id)
                .filter(peer -> !peer.equals(searcher.id()))
                .sorted(Comparator.comparing(peer -> target.distance(peer.kadKey())))
                .limit(20)
                .toList();
    }
}
