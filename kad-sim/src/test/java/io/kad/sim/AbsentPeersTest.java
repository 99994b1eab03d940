package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.sim.adversary.FabricatingPeers;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests of the two ways in which a peer is absent: after a crash its host is gone, and nothing answers until the timeout; after a stop only
 * its process is gone, and its host refuses after one round trip.
 */
class AbsentPeersTest {

    private static final Duration ONE_WAY = Duration.ofMillis(50);
    private static final Duration ROUND_TRIP = ONE_WAY.multipliedBy(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** Whether there was a connection before the remote peer was gone, and the round trips of a dial. */
    private enum Link {
        NO_CONNECTIONS(false, 0, false),
        SENT_WITH_THE_DIAL(true, 0, false),
        DIALLED(true, 2, false),
        CONNECTED(true, 1, true);

        private final boolean connections;
        private final int dialRoundTrips;
        private final boolean connected;

        Link(boolean connections, int dialRoundTrips, boolean connected) {
            this.connections = connections;
            this.dialRoundTrips = dialRoundTrips;
            this.connected = connected;
        }
    }

    private static Stream<Arguments> operationsAndLinks() {
        return Stream.of(Operation.values())
                .flatMap(operation -> Stream.of(Link.values()).map(link -> Arguments.of(operation, link)));
    }

    @ParameterizedTest
    @MethodSource("operationsAndLinks")
    void nothingAnswersForAGoneHostUntilTheTimeout(Operation operation, Link link) {
        try (SimNetwork network = network(link)) {
            SimPeer gone = network.peer(1);
            network.crash(gone);
            Outcome outcome = run(network, operation, gone);
            assertThat(outcome.failureKind()).isEqualTo(Kind.TIMEOUT);
            assertThat(outcome.elapsed()).isEqualTo(TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("operationsAndLinks")
    void theHostOfAGoneProcessRefusesAfterOneRoundTrip(Operation operation, Link link) {
        try (SimNetwork network = network(link)) {
            SimPeer gone = network.peer(1);
            network.stop(gone);
            Outcome outcome = run(network, operation, gone);
            assertThat(outcome.failureKind()).isEqualTo(Kind.REFUSED);
            assertThat(outcome.elapsed()).isEqualTo(ROUND_TRIP);
        }
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void anOperationInFlightAtAStopIsResetWithItsConnection(Operation operation) {
        try (SimNetwork network = network(Link.CONNECTED)) {
            SimPeer gone = network.peer(1);
            Outcome outcome = start(network, operation, gone);
            network.advance(ONE_WAY.dividedBy(2));
            network.stop(gone);
            network.advance(TIMEOUT);
            assertThat(outcome.failureKind()).isEqualTo(Kind.RESET);
            assertThat(outcome.elapsed()).isBetween(ONE_WAY, ROUND_TRIP);
        }
    }

    @Test
    void aRequestThatAStoppingPeerHasNotAnsweredIsReset() {
        try (SimNetwork network = network(Link.CONNECTED)) {
            SimPeer gone = network.peer(1);
            gone.behavior(PeerBehavior.SILENT);
            Outcome outcome = start(network, Operation.REQUEST, gone);
            network.advance(ROUND_TRIP);
            network.stop(gone);
            network.advance(TIMEOUT);
            assertThat(outcome.failureKind()).isEqualTo(Kind.RESET);
            assertThat(outcome.elapsed()).isEqualTo(ROUND_TRIP.plus(ONE_WAY));
        }
    }

    @Test
    void theConnectionToARestartedPeerIsResetAndTheNextRequestDials() {
        try (SimNetwork network = network(Link.CONNECTED)) {
            SimPeer restarted = network.peer(1);
            network.crash(restarted);
            network.restart(restarted);
            Outcome stale = run(network, Operation.REQUEST, restarted);
            assertThat(stale.failureKind()).isEqualTo(Kind.RESET);
            assertThat(stale.elapsed()).isEqualTo(ROUND_TRIP);
            Outcome dialled = run(network, Operation.REQUEST, restarted);
            assertThat(dialled.failureKind()).isNull();
            assertThat(dialled.elapsed()).isEqualTo(ROUND_TRIP.multipliedBy(2));
        }
    }

    @Test
    void aRestartedPeerIsConnectedAnewAtThePeersThatItContacts() {
        try (SimNetwork network = network(Link.CONNECTED)) {
            SimPeer restarted = network.peer(1);
            network.crash(restarted);
            network.restart(restarted);
            Outcome outcome = new Outcome(network);
            restarted.transport().request(network.peer(0).info(), Operation.FIND_NODE, TIMEOUT, outcome.callback());
            network.advance(TIMEOUT);
            assertThat(outcome.failureKind()).isNull();
            Outcome back = run(network, Operation.REQUEST, restarted);
            assertThat(back.failureKind()).isNull();
            assertThat(back.elapsed()).isEqualTo(ROUND_TRIP);
        }
    }

    @Test
    void aMessageToAPeerThatCrashesOnItsWayIsLost() {
        try (SimNetwork network = network(Link.NO_CONNECTIONS)) {
            Outcome outcome = start(network, Operation.REQUEST, network.peer(1));
            network.advance(ONE_WAY.dividedBy(2));
            network.crash(network.peer(1));
            network.advance(TIMEOUT);
            assertThat(outcome.failureKind()).isEqualTo(Kind.TIMEOUT);
        }
    }

    @Test
    void noDeadPeerLeavesATableThroughItsSilence() {
        try (SimNetwork network = SimNetwork.builder()
                .peers(40)
                .seed(3)
                .config(config())
                .conditions(conditions(Link.NO_CONNECTIONS))
                .tables(TableInit.IDEAL)
                .build()) {
            SimPeer searcher = network.peer(0);
            int before = searcher.kademlia().routingTable().entries().size();
            network.peers().subList(20, 40).forEach(network::crash);
            network.tryAwait(searcher.kademlia().getClosestPeers(Bytes.utf8("key"), 20));
            network.advance(TIMEOUT);
            assertThat(searcher.kademlia().routingTable().entries()).hasSize(before);
        }
    }

    @Test
    void fabricatedPeersActByTheirBehaviorAlthoughTheyAreNeverStarted() {
        try (SimNetwork network = network(Link.NO_CONNECTIONS)) {
            SimPeer liar = network.peer(1);
            FabricatingPeers.install(network, List.of(liar), 10, 0, 3);
            Outcome first = run(network, Operation.REQUEST, liar);
            KadResponse.FindNode response = (KadResponse.FindNode) first.result();
            assertThat(response).isNotNull();
            assertThat(response.closerPeers()).hasSize(3);
            Outcome second = new Outcome(network);
            network.peer(0)
                    .transport()
                    .request(response.closerPeers().get(0), Operation.FIND_NODE, TIMEOUT, second.callback());
            network.advance(TIMEOUT);
            assertThat(second.failureKind()).isNull();
            assertThat(second.elapsed()).isEqualTo(ROUND_TRIP);
        }
    }

    private static Outcome run(SimNetwork network, Operation operation, SimPeer to) {
        Outcome outcome = start(network, operation, to);
        network.advance(TIMEOUT.multipliedBy(2));
        return outcome;
    }

    private static Outcome start(SimNetwork network, Operation operation, SimPeer to) {
        return operation.start(network, network.peer(0), to, TIMEOUT);
    }

    private static KademliaConfig config() {
        return KademliaConfig.builder()
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .set(KademliaConfig.REQUEST_TIMEOUT, TIMEOUT)
                .build();
    }

    private static NetworkConditions conditions(Link link) {
        NetworkConditions conditions =
                NetworkConditions.GOOD.withLatency(Latency.fixed(ONE_WAY)).withDialRoundTrips(link.dialRoundTrips);
        return link.connections ? conditions : conditions.withoutConnections();
    }

    private static SimNetwork network(Link link) {
        SimNetwork network = SimNetwork.builder()
                .peers(2)
                .seed(5)
                .config(config())
                .conditions(conditions(link))
                .build();
        if (link.connected) {
            Outcome connected = run(network, Operation.CONNECT, network.peer(1));
            assertThat(connected.failureKind()).isNull();
        }
        return network;
    }
}
