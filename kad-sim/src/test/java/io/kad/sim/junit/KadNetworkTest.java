package io.kad.sim.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.PeerInfo;
import io.kad.sim.SimNetwork;
import io.kad.sim.TableInit;
import io.kad.sim.network.SimPeer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

class KadNetworkTest {

    @Test
    @KadNetwork(
            peers = 200,
            seed = 7,
            tables = TableInit.IDEAL,
            config = {"bootstrap-throttle=off", "k=10"})
    void aTestGetsTheNetworkOfItsAnnotation(SimNetwork network) {
        assertThat(network.running()).hasSize(200);
        assertThat(network.seed()).isEqualTo(7);
        SimPeer peer = network.peer(3);
        assertThat(peer.kademlia().config().get(KademliaConfig.K)).isEqualTo(10);
        Bytes key = Bytes.utf8("somewhere");
        var found = network.await(peer.kademlia().getClosestPeers(key, 10).result());
        assertThat(found.peers()).extracting(PeerInfo::id).isEqualTo(network.closest(key, 10, peer));
    }

    private static boolean mustFail;

    @Test
    void theSeedOfAFailedTestIsPrinted() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream original = System.err;
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        mustFail = true;
        try {
            var summary = new SummaryGeneratingListener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(Failing.class))
                                    .build(),
                            summary);
            assertThat(summary.getSummary().getTestsFailedCount()).isEqualTo(1);
        } finally {
            mustFail = false;
            System.setErr(original);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("seed = 4711");
    }

    /** Tests that fail on purpose; only the test above runs them. */
    @KadNetwork(peers = 3, seed = 4711)
    static final class Failing {
        @Test
        void fails(SimNetwork network) {
            assumeTrue(mustFail, "runs only within the test above");
            assertThat(network.running()).isEmpty();
        }
    }
}
