package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.SimPeer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of peers whose production code is created when somebody contacts them. */
class DormantPeersTest {

    /** Configuration without anything that a peer does by itself. */
    private static final KademliaConfig IDLE = KademliaConfig.builder()
            .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
            .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
            .set(KademliaConfig.EXPIRY_SWEEP_INTERVAL, Optional.empty())
            .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.empty())
            .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty())
            .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.empty())
            .build();

    private static SimNetwork network(int peers, long seed, KademliaConfig config, boolean connections) {
        return network(peers, seed, config, connections, true);
    }

    private static SimNetwork network(
            int peers, long seed, KademliaConfig config, boolean connections, boolean dormant) {
        NetworkConditions conditions = NetworkConditions.GOOD;
        return SimNetwork.builder()
                .peers(peers)
                .seed(seed)
                .clients(0.1)
                .config(config)
                .conditions(connections ? conditions : conditions.withoutConnections())
                .tables(TableInit.IDEAL)
                .dormant(dormant)
                .build();
    }

    private static long awake(SimNetwork network) {
        return network.peers().stream().filter(SimPeer::isAwake).count();
    }

    @Test
    void onlyContactedPeersAreCreated() {
        try (SimNetwork network = network(2000, 1, IDLE, false)) {
            assertThat(network.running()).hasSize(2000);
            assertThat(awake(network))
                    .as("the first server and the first client show that such peers are idle")
                    .isEqualTo(2);
            for (int i = 0; i < 5; i++) {
                network.await(network.peer(100 + i)
                        .kademlia()
                        .getClosestPeers(Bytes.utf8("key " + i), 20)
                        .result());
            }
            assertThat(awake(network)).isBetween(20L, 2 + 5 + network.requests());
        }
    }

    /** Bytes that the creation of a network allocates are a count, which does not depend on the machine. */
    @Test
    void aDormantPeerTakesFewBytes() throws JMException {
        long perPeer = bytesToCreate(3000, IDLE) / 3000;
        assertThat(perPeer).as("identity, address and place in the key space").isLessThan(8_000);
        assertThat(bytesToCreate(300, KademliaConfig.builder().build()) / 300)
                .as("a peer with jobs is created at once")
                .isGreaterThan(3 * perPeer);
    }

    private static long bytesToCreate(int peers, KademliaConfig config) throws JMException {
        long before = allocatedBytes();
        network(peers, 2, config, false).close();
        return allocatedBytes() - before;
    }

    private static long allocatedBytes() throws JMException {
        ObjectName threads = new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME);
        return (long) ManagementFactory.getPlatformMBeanServer().getAttribute(threads, "CurrentThreadAllocatedBytes");
    }

    @Test
    void closingTheNetworkCreatesNobody() {
        SimNetwork network = network(300, 3, IDLE, false);
        network.close();
        assertThat(awake(network)).isEqualTo(2);
    }

    @Test
    void aPeerThatDoesSomethingByItselfIsCreatedAtOnce() {
        for (ConfigOption<Optional<Duration>> job : List.of(
                KademliaConfig.BOOTSTRAP_INTERVAL,
                KademliaConfig.BOOTSTRAP_THROTTLE,
                KademliaConfig.EXPIRY_SWEEP_INTERVAL,
                KademliaConfig.REPUBLISH_INTERVAL,
                KademliaConfig.REPLICATE_INTERVAL,
                KademliaConfig.REPROVIDE_INTERVAL)) {
            KademliaConfig busy = IDLE.toBuilder()
                    .set(job, Optional.of(Duration.ofMinutes(10)))
                    .build();
            try (SimNetwork network = network(30, 4, busy, false)) {
                assertThat(awake(network)).as(job.name()).isEqualTo(30);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theTraceIsThatOfPeersThatWereCreatedAtTheStart(boolean connections) {
        for (long seed = 1; seed <= 6; seed++) {
            assertThat(trace(seed, connections, true)).isEqualTo(trace(seed, connections, false));
        }
    }

    private static long trace(long seed, boolean connections, boolean dormant) {
        try (SimNetwork network = network(120, seed, IDLE, connections, dormant)) {
            assertThat(awake(network)).isEqualTo(dormant ? 2 : 120);
            RecordKey key = RecordKey.utf8("/app/key");
            network.tryAwait(network.peer(5).kademlia().putRecord(Record.of(key, Bytes.utf8("a")), Quorum.one()));
            network.tryAwait(network.peer(6).kademlia().startProviding(key));
            network.peers().subList(60, 90).forEach(network::crash);
            network.peers().subList(90, 100).forEach(network::stop);
            network.advance(Duration.ofSeconds(3));
            network.restart(network.peer(70));
            network.tryAwait(network.peer(7).kademlia().getProviders(key, 0));
            network.tryAwait(network.peer(110).kademlia().getRecord(key, Quorum.all()));
            network.tryAwait(network.peer(111).kademlia().bootstrap());
            return network.traceHash();
        }
    }
}
