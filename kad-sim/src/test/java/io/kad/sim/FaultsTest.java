package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryStats;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.ClosestPeersResult;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FaultsTest {

    private static final Bytes KEY = Bytes.utf8("somewhere");
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);

    @Test
    void aOneWayPartitionLosesMessagesOfOneDirectionOnly() {
        try (SimNetwork network = network(10).build()) {
            SimPeer isolated = network.peer(3);
            network.cut((from, to) -> from == isolated);
            assertThat(found(network, isolated)).isEmpty();
            assertThat(found(network, network.peer(4)).orElseThrow())
                    .doesNotContain(isolated.info().id())
                    .hasSize(8);

            network.heal();
            assertThat(found(network, isolated).orElseThrow()).hasSize(9);
        }
    }

    @Test
    void aQueryFailsInTimeWhenEveryMessageIsLost() {
        try (SimNetwork network = network(10).build()) {
            network.conditions(network.conditions().withFaults(Duration.ZERO, 1, 0, 0));
            Duration start = network.elapsed();
            assertThat(found(network, network.peer(1))).isEmpty();
            assertThat(network.elapsed().minus(start))
                    .isLessThanOrEqualTo(network.peer(1).kademlia().config().get(KademliaConfig.QUERY_TIMEOUT));
        }
    }

    @Test
    void duplicatedDelayedAndReorderedMessagesDoNotChangeTheResult() {
        try (SimNetwork network = network(30).build()) {
            network.conditions(network.conditions().withFaults(Duration.ofMillis(40), 0, 0.5, 0.3));
            SimPeer peer = network.peer(5);
            assertThat(found(network, peer).orElseThrow()).isEqualTo(network.closest(KEY, 20, peer));
        }
    }

    @Test
    void aCrashedPeerIsNotFoundAndARestartedOneIs() {
        try (SimNetwork network = network(10).build()) {
            SimPeer crashed = network.peer(2);
            Record record = Record.of(RecordKey.utf8("/app/a"), Bytes.utf8("b"));
            network.await(
                    network.peer(1).kademlia().putRecord(record, Quorum.all()).result());
            network.crash(crashed);
            assertThat(crashed.isUp()).isFalse();
            assertThat(found(network, network.peer(1)).orElseThrow()).doesNotContain(crashed.id());

            network.restart(crashed);
            assertThat(crashed.kademlia().routingTable().entries()).isEmpty();
            assertThat(network.await(crashed.kademlia().storeSizes()).records()).isZero();
            network.await(network.join(crashed, network.peer(0)));
            assertThat(found(network, network.peer(1)).orElseThrow()).contains(crashed.id());
        }
    }

    @Test
    void theRemoteEndClosesByMessageAfterAStopAndByKeepAliveAfterACrash() {
        try (SimNetwork network = network(4).build()) {
            SimPeer remaining = network.peer(0);
            found(network, remaining);
            assertThat(remaining.kademlia().connections()).hasSize(3);
            network.stop(network.peer(1));
            network.crash(network.peer(2));
            network.advance(Duration.ofSeconds(1));
            assertThat(remaining.kademlia().connections()).hasSize(2);
            network.advance(network.conditions().keepAlive());
            assertThat(remaining.kademlia().connections()).hasSize(1);
        }
    }

    @Test
    void silentPeersAreNotFoundAndSlowOnesAre() {
        try (SimNetwork network = network(12).build()) {
            network.peers().subList(6, 12).forEach(peer -> peer.behavior(PeerBehavior.SILENT));
            assertThat(found(network, network.peer(0)).orElseThrow()).hasSize(5);
            network.peers().subList(6, 12).forEach(peer -> peer.behavior(PeerBehavior.slow(Duration.ofMillis(300))));
            assertThat(found(network, network.peer(0)).orElseThrow()).hasSize(11);
        }
    }

    @Test
    void idleConnectionsCloseAndTheLimitOfConnectionsHolds() {
        KademliaConfig few =
                config().toBuilder().set(KademliaConfig.MAX_CONNECTIONS, 5).build();
        try (SimNetwork network = network(40).config(few).build()) {
            SimPeer peer = network.peer(7);
            found(network, peer);
            assertThat(network.running())
                    .allSatisfy(
                            other -> assertThat(other.kademlia().connections()).hasSizeLessThanOrEqualTo(5));
            network.advance(few.get(KademliaConfig.IDLE_CONNECTION_TIMEOUT).multipliedBy(2));
            assertThat(network.running())
                    .allSatisfy(
                            other -> assertThat(other.kademlia().connections()).isEmpty());
        }
    }

    @Test
    void aPeerAtAWrongAddressIsNotReached() {
        try (SimNetwork network = network(3).build()) {
            SimPeer newcomer = network.start();
            SimPeer other = network.peer(1);
            network.await(
                    newcomer.kademlia().addAddress(other.id(), network.peer(2).address()));
            assertThat(found(network, newcomer)).isEmpty();
            network.await(newcomer.kademlia().addAddress(other.id(), other.address()));
            assertThat(found(network, newcomer)).isPresent();
        }
    }

    @Test
    void aDialTakesItsRoundTripsBeforeTheRequest() {
        Duration dialled = firstRequest(2);
        assertThat(firstRequest(0)).isEqualTo(Duration.ofMillis(100));
        assertThat(dialled).isEqualTo(Duration.ofMillis(300));
    }

    /** Returns the duration of a lookup with one request, at a one-way latency of 50 ms. */
    private static Duration firstRequest(int dialRoundTrips) {
        NetworkConditions conditions = NetworkConditions.GOOD
                .withLatency(Latency.fixed(Duration.ofMillis(50)))
                .withDialRoundTrips(dialRoundTrips);
        try (SimNetwork network =
                network(2).tables(TableInit.IDEAL).conditions(conditions).build()) {
            var query = network.peer(0).kademlia().getClosestPeers(KEY, 20);
            QueryStats stats = network.tryAwait(query).orElseThrow().stats();
            assertThat(stats.requests()).isEqualTo(1);
            return stats.elapsed();
        }
    }

    private static Optional<List<PeerId>> found(SimNetwork network, SimPeer searcher) {
        Optional<ClosestPeersResult> result =
                network.tryAwait(searcher.kademlia().getClosestPeers(KEY, 20));
        return result.map(closest -> closest.peers().stream().map(PeerInfo::id).toList());
    }

    private static KademliaConfig config() {
        return KademliaConfig.builder()
                .set(KademliaConfig.REQUEST_TIMEOUT, REQUEST_TIMEOUT)
                .set(KademliaConfig.MIN_REQUEST_TIMEOUT, REQUEST_TIMEOUT)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .build();
    }

    private static SimNetworkBuilder network(int peers) {
        return SimNetwork.builder()
                .peers(peers)
                .seed(11)
                .tables(TableInit.JOINED)
                .config(config());
    }
}
