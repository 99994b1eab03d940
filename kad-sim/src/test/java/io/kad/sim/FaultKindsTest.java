package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.sim.adversary.ColludingPeers;
import io.kad.sim.adversary.FabricatingPeers;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.TrafficListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests that each kind of fault of the simulator is what it says, at the level of single messages; {@link AbsentPeersTest} has the dead. */
class FaultKindsTest {

    private static final Duration ONE_WAY = Duration.ofMillis(50);
    private static final Duration ROUND_TRIP = ONE_WAY.multipliedBy(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int MANY = 1000;

    @Test
    void withoutFaultsEachOperationTakesOneRoundTripAndArrivesOnce() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            for (Operation operation : List.of(Operation.REQUEST, Operation.SEND, Operation.IDENTIFY, Operation.PING)) {
                Outcome outcome = run(network, operation);
                assertThat(outcome.hasSucceeded()).as("%s", operation).isTrue();
                assertThat(outcome.elapsed()).as("%s", operation).isEqualTo(ROUND_TRIP);
            }
            assertThat(traffic.received).hasSize(2);
        }
    }

    @Test
    void aLostMessageDoesNotArriveAndItsOperationTimesOut() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.conditions(network.conditions().withFaults(Duration.ZERO, 1, 0, 0));
            for (Operation operation : Operation.values()) {
                Outcome outcome = run(network, operation);
                assertThat(outcome.failureKind()).as("%s", operation).isEqualTo(Kind.TIMEOUT);
                assertThat(outcome.elapsed()).as("%s", operation).isEqualTo(TIMEOUT);
            }
            assertThat(traffic.received).isEmpty();
        }
    }

    @Test
    void lossIsTheShareOfTheMessagesInEachDirection() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.conditions(network.conditions().withFaults(Duration.ZERO, 0.2, 0, 0));
            double succeeded =
                    runMany(network).stream().filter(Outcome::hasSucceeded).count();
            assertThat(traffic.received.size() / (double) MANY).isCloseTo(0.8, within(0.04));
            assertThat(succeeded / MANY).isCloseTo(0.64, within(0.05));
        }
    }

    @Test
    void aDuplicatedRequestArrivesTwiceAndItsResponseCountsOnce() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.conditions(network.conditions().withFaults(Duration.ZERO, 0, 1, 0));
            Outcome outcome = run(network, Operation.REQUEST);
            assertThat(outcome.hasSucceeded()).isTrue();
            assertThat(traffic.received).hasSize(2);
            assertThat(traffic.timings).containsExactly(TrafficListener.Timing.IN_TIME);
        }
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.conditions(network.conditions().withFaults(Duration.ZERO, 0, 0.3, 0));
            runMany(network);
            assertThat(traffic.received.size() / (double) MANY).isCloseTo(1.3, within(0.05));
        }
    }

    @Test
    void reorderedMessagesOvertakeEachOtherAndOthersDoNot() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            sendInOrder(network);
            assertThat(traffic.received).isSorted();
            traffic.received.clear();
            network.conditions(network.conditions().withFaults(Duration.ZERO, 0, 0, 0.5));
            sendInOrder(network);
            assertThat(traffic.received)
                    .hasSize(20)
                    .isNotEqualTo(traffic.received.stream().sorted().toList());
            for (Outcome outcome : runMany(network)) {
                assertThat(outcome.elapsed()).isBetween(ROUND_TRIP, ROUND_TRIP.multipliedBy(10));
            }
        }
    }

    @Test
    void jitterAddsUpToItsMaximumToEachMessage() {
        Duration jitter = Duration.ofMillis(20);
        try (SimNetwork network = network(2, 0)) {
            network.conditions(network.conditions().withFaults(jitter, 0, 0, 0));
            List<Duration> times =
                    runMany(network).stream().map(Outcome::elapsed).sorted().toList();
            assertThat(times.get(0)).isBetween(ROUND_TRIP, ROUND_TRIP.plusMillis(3));
            assertThat(times.get(MANY - 1))
                    .isBetween(ROUND_TRIP.plusMillis(35), ROUND_TRIP.plus(jitter.multipliedBy(2)));
        }
    }

    @Test
    void aCutLosesTheMessagesOfItsDirectionUntilItHeals() {
        try (SimNetwork network = network(3, 0)) {
            Traffic traffic = new Traffic(network);
            SimPeer requester = network.peer(0);
            network.cut((from, to) -> from == requester && to == network.peer(1));
            assertThat(run(network, Operation.REQUEST).failureKind()).isEqualTo(Kind.TIMEOUT);
            assertThat(traffic.received).isEmpty();
            Outcome elsewhere = Operation.REQUEST.start(network, requester, network.peer(2), TIMEOUT);
            network.advance(TIMEOUT);
            assertThat(elsewhere.hasSucceeded()).isTrue();
            network.heal();
            assertThat(run(network, Operation.REQUEST).hasSucceeded()).isTrue();

            traffic.received.clear();
            network.cut((from, to) -> to == requester);
            assertThat(run(network, Operation.REQUEST).failureKind()).isEqualTo(Kind.TIMEOUT);
            assertThat(traffic.received).as("the way of the request is not cut").hasSize(1);
        }
    }

    @Test
    void theIdentificationOfANewConnectionTakesARoundTripAtEachEnd() {
        try (SimNetwork network = network(2, 0)) {
            network.conditions(
                    NetworkConditions.GOOD.withLatency(Latency.fixed(ONE_WAY)).withDialRoundTrips(1));
            SimPeer dialling = network.peer(0);
            SimPeer dialled = network.peer(1);
            Operation.CONNECT.start(network, dialling, dialled, TIMEOUT);
            assertThat(identified(network, dialled, dialling)).isEqualTo(ONE_WAY.plus(ROUND_TRIP));
        }
        try (SimNetwork network = network(2, 0)) {
            network.conditions(
                    NetworkConditions.GOOD.withLatency(Latency.fixed(ONE_WAY)).withDialRoundTrips(1));
            Operation.CONNECT.start(network, network.peer(0), network.peer(1), TIMEOUT);
            assertThat(identified(network, network.peer(0), network.peer(1))).isEqualTo(ROUND_TRIP.multipliedBy(2));
        }
    }

    /** Returns the time until {@code other} enters the table of {@code peer}. */
    private static Duration identified(SimNetwork network, SimPeer peer, SimPeer other) {
        Duration start = network.elapsed();
        while (peer.kademlia().routingTable().entries().stream()
                .noneMatch(entry -> entry.peer().equals(other.id()))) {
            network.advance(Duration.ofMillis(1));
            assertThat(network.elapsed().minus(start)).isLessThan(TIMEOUT);
        }
        return network.elapsed().minus(start);
    }

    @Test
    void aSlowPeerRespondsLateByItsTime() {
        try (SimNetwork network = network(2, 0)) {
            network.peer(1).behavior(PeerBehavior.slow(Duration.ofMillis(700)));
            Outcome outcome = run(network, Operation.REQUEST);
            assertThat(outcome.hasSucceeded()).isTrue();
            assertThat(outcome.elapsed()).isEqualTo(ROUND_TRIP.plusMillis(700));
        }
    }

    @Test
    void aSlowPeerOfALatencyIsSlowByItsFactor() {
        try (SimNetwork network = network(2, 0)) {
            network.conditions(
                    network.conditions().withLatency(Latency.fixed(ONE_WAY).withSlowPeers(1, 10)));
            assertThat(run(network, Operation.REQUEST).elapsed()).isEqualTo(ROUND_TRIP.multipliedBy(10));
        }
    }

    @Test
    void aLostPacketDelaysItsExchangeAndDoesNotLoseIt() {
        Duration delay = Duration.ofMillis(200);
        try (SimNetwork network = network(2, 0)) {
            network.conditions(
                    network.conditions().withLatency(Latency.fixed(ONE_WAY).withDelays(0.2, delay)));
            List<Outcome> outcomes = runMany(network);
            assertThat(outcomes).allMatch(Outcome::hasSucceeded);
            assertThat(outcomes).extracting(Outcome::elapsed).containsOnly(ROUND_TRIP, ROUND_TRIP.plus(delay));
            double delayed = outcomes.stream()
                    .filter(each -> each.elapsed().compareTo(ROUND_TRIP) > 0)
                    .count();
            assertThat(delayed / MANY).isCloseTo(0.2, within(0.04));
        }
    }

    @Test
    void aSilentPeerReceivesRequestsAndNeverResponds() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.peer(1).behavior(PeerBehavior.SILENT);
            Outcome outcome = run(network, Operation.REQUEST);
            assertThat(outcome.failureKind()).isEqualTo(Kind.TIMEOUT);
            assertThat(outcome.elapsed()).isEqualTo(TIMEOUT);
            assertThat(traffic.received).hasSize(1);
            assertThat(run(network, Operation.PING).hasSucceeded()).isTrue();
        }
    }

    @Test
    void colludingPeersNameOnlyEachOther() {
        try (SimNetwork network = network(30, 0)) {
            List<SimPeer> accomplices = network.peers().subList(1, 6);
            ColludingPeers.install(accomplices, 20);
            assertThat(closerPeers(run(network, Operation.REQUEST)))
                    .containsExactlyInAnyOrderElementsOf(network.peers().subList(2, 6).stream()
                            .map(SimPeer::id)
                            .toList());
        }
    }

    @Test
    void fabricatingPeersNamePeersThatDoNotExistAndAreCloser() {
        try (SimNetwork network = network(30, 0)) {
            SimPeer liar = network.peer(1);
            FabricatingPeers.install(network, List.of(liar), 1000, 0.5, 20);
            List<PeerId> named = closerPeers(run(network, Operation.REQUEST));
            KadKey target = KadKey.hash(((KadRequest.FindNode) Operation.FIND_NODE).target());
            assertThat(named).hasSize(20).allSatisfy(peer -> {
                assertThat(network.find(peer)).isEmpty();
                assertThat(target.compareDistance(peer.kadKey(), liar.id().kadKey()))
                        .isNegative();
            });
        }
    }

    @Test
    void aClientRefusesRequestsAfterOneRoundTripAndAnswersTheRest() {
        try (SimNetwork network = network(2, 1)) {
            Traffic traffic = new Traffic(network);
            for (Operation operation : List.of(Operation.REQUEST, Operation.SEND)) {
                Outcome outcome = run(network, operation);
                assertThat(outcome.failureKind()).isEqualTo(Kind.UNSUPPORTED);
                assertThat(outcome.elapsed()).isEqualTo(ROUND_TRIP);
            }
            assertThat(traffic.received).isEmpty();
            assertThat(run(network, Operation.PING).hasSucceeded()).isTrue();
            PeerIdentification identification =
                    (PeerIdentification) run(network, Operation.IDENTIFY).result();
            assertThat(identification).isNotNull();
            assertThat(identification.protocols()).isEmpty();
        }
    }

    @Test
    void aResponseThatArrivesAfterItsTimeoutOrCancellationIsReportedAsLate() {
        try (SimNetwork network = network(2, 0)) {
            Traffic traffic = new Traffic(network);
            network.peer(1).behavior(PeerBehavior.slow(TIMEOUT));
            assertThat(run(network, Operation.REQUEST).failureKind()).isEqualTo(Kind.TIMEOUT);
            Outcome cancelled = Operation.REQUEST.start(network, network.peer(0), network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP);
            cancelled.cancel();
            network.advance(TIMEOUT.multipliedBy(2));
            network.peer(1).behavior(PeerBehavior.HONEST);
            run(network, Operation.REQUEST);
            assertThat(traffic.timings)
                    .containsExactly(
                            TrafficListener.Timing.AFTER_TIMEOUT,
                            TrafficListener.Timing.AFTER_CANCEL,
                            TrafficListener.Timing.IN_TIME);
        }
    }

    private static List<PeerId> closerPeers(Outcome outcome) {
        KadResponse.FindNode response = (KadResponse.FindNode) outcome.result();
        assertThat(response).isNotNull();
        return response.closerPeers().stream().map(PeerInfo::id).toList();
    }

    private static Outcome run(SimNetwork network, Operation operation) {
        Outcome outcome = operation.start(network, network.peer(0), network.peer(1), TIMEOUT);
        network.advance(TIMEOUT.multipliedBy(2));
        return outcome;
    }

    private static List<Outcome> runMany(SimNetwork network) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> run(network, Operation.REQUEST))
                .toList();
    }

    /** Sends 20 requests within 20 ms, with the letters from a on as their targets. */
    private static void sendInOrder(SimNetwork network) {
        for (char letter = 'a'; letter < 'a' + 20; letter++) {
            KadRequest request = new KadRequest.FindNode(Bytes.utf8(String.valueOf(letter)));
            var unused = network.peer(0)
                    .transport()
                    .request(network.peer(1).info(), request, TIMEOUT, new Outcome(network).callback());
            network.advance(Duration.ofMillis(1));
        }
        network.advance(TIMEOUT);
    }

    private static SimNetwork network(int peers, double clients) {
        NetworkConditions conditions =
                NetworkConditions.GOOD.withLatency(Latency.fixed(ONE_WAY)).withoutConnections();
        return SimNetwork.builder()
                .peers(peers)
                .seed(5)
                .clients(clients)
                .config(KademliaConfig.builder()
                        .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                        .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                        .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty())
                        .set(KademliaConfig.REPUBLISH_INTERVAL, Optional.empty())
                        .set(KademliaConfig.REPROVIDE_INTERVAL, Optional.empty())
                        .build())
                .conditions(conditions)
                .build();
    }

    /** Requests that servers have received, by their targets, and the timings of the responses. */
    private static final class Traffic implements TrafficListener {

        private final List<String> received = new ArrayList<>();
        private final List<Timing> timings = new ArrayList<>();

        Traffic(SimNetwork network) {
            network.addTrafficListener(this);
        }

        @Override
        public void requestReceived(SimPeer from, SimPeer to, KadRequest request) {
            received.add(
                    request instanceof KadRequest.FindNode find ? find.target().toString() : request.toString());
        }

        @Override
        public void responseReceived(SimPeer from, SimPeer to, KadRequest request, Timing timing) {
            timings.add(timing);
        }
    }
}
