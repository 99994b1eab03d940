package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of peers that are gone for a while, long enough to be silent, in a network with unequal RTTs: once they are back, lookups are exact. */
class ReturningPeersTest {

    private static final int PEERS = 120;
    private static final int K = 5;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void lookupsAreExactAgain(long seed) {
        try (SimNetwork network = SimNetwork.builder()
                .peers(PEERS)
                .seed(seed)
                .config(config())
                .conditions(NetworkConditions.GOOD
                        .withLatency(Latency.logNormal(Duration.ofMillis(25), .8))
                        .withoutConnections())
                .tables(TableInit.IDEAL)
                .build()) {
            SimPeer searcher = network.peer(0);
            for (int i = 0; i < 40; i++) {
                lookup(network, searcher, Bytes.utf8("warm-up " + i));
            }
            List<SimPeer> victims = network.peers().subList(60, PEERS);
            victims.forEach(network::crash);
            for (int round = 0; round < 2; round++) {
                victims.forEach(victim -> lookup(network, searcher, victim.id().bytes()));
            }
            Duration gone = network.elapsed();
            victims.forEach(network::restart);
            victims.forEach(victim -> network.await(network.join(victim, network.peer(50))));
            // a back-off is not longer than the time that the peer was gone for
            network.advance(gone);
            for (SimPeer victim : victims) {
                Bytes key = victim.id().bytes();
                assertThat(lookup(network, searcher, key)).isEqualTo(network.closest(key, K, searcher));
            }
        }
    }

    private static List<PeerId> lookup(SimNetwork network, SimPeer searcher, Bytes key) {
        List<PeerId> found = network
                .await(searcher.kademlia().getClosestPeers(key, K).result())
                .peers()
                .stream()
                .map(PeerInfo::id)
                .toList();
        network.advance(Duration.ofSeconds(2));
        return found;
    }

    private static KademliaConfig config() {
        return KademliaConfig.builder()
                .set(KademliaConfig.BUCKET_SIZE, K)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .set(KademliaConfig.REQUEST_TIMEOUT, Duration.ofSeconds(5))
                .minSoftTimeout(Duration.ofMillis(1))
                .minMaxWait(Duration.ofMillis(1))
                .build();
    }
}
