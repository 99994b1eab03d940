package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.sim.network.Latency;
import io.kad.sim.network.NetworkConditions;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.Reachability;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that several addresses, dead ones, several connections and their loss are what they say. */
class ReachabilityTest {

    private static final Duration ONE_WAY = Duration.ofMillis(50);
    private static final Duration ROUND_TRIP = ONE_WAY.multipliedBy(2);
    private static final Duration DEAD_AFTER = Duration.ofMillis(800);
    private static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void aPeerTellsAllItsAddressesAndAtLeastOneOfThemLives() {
        try (SimNetwork network = network(30, new Reachability(4, 1, DEAD_AFTER, false))) {
            assertThat(network.peers()).allSatisfy(peer -> {
                assertThat(peer.info().addresses())
                        .hasSize(4)
                        .doesNotHaveDuplicates()
                        .contains(peer.address());
                assertThat(peer.transport().listenAddresses())
                        .isEqualTo(peer.info().addresses());
            });
            assertThat(network.peers().stream()
                            .map(peer -> peer.info().addresses().indexOf(peer.address()))
                            .distinct())
                    .as("dead and live ones are in random order")
                    .hasSize(4);
        }
    }

    @Test
    void aDeadAddressDelaysTheDialUntilTheNextOneIsTried() {
        try (SimNetwork network = network(30, new Reachability(2, 1, DEAD_AFTER, false))) {
            SimPeer liveFirst = withLiveAddressAt(network, 0);
            assertThat(dial(network, liveFirst.info()).elapsed()).isEqualTo(ROUND_TRIP.multipliedBy(2));
        }
        try (SimNetwork network = network(30, new Reachability(2, 1, DEAD_AFTER, false))) {
            SimPeer deadFirst = withLiveAddressAt(network, 1);
            Outcome outcome = dial(network, deadFirst.info());
            assertThat(outcome.hasSucceeded()).isTrue();
            assertThat(outcome.elapsed()).isEqualTo(ATTEMPT_DELAY.plus(ROUND_TRIP.multipliedBy(2)));
            assertThat(connections(network.peer(0)))
                    .extracting(ConnectionInfo::remoteAddress)
                    .containsExactly(deadFirst.address());
        }
    }

    @Test
    void aDialOfDeadAddressesAloneFailsAfterItsTime() {
        try (SimNetwork network = network(30, new Reachability(3, 1, DEAD_AFTER, false))) {
            SimPeer peer = withLiveAddressAt(network, 0);
            List<Multiaddr> dead = peer.info().addresses().subList(1, 3);
            Outcome outcome = dial(network, PeerInfo.of(peer.id(), dead));
            assertThat(outcome.failureKind()).isEqualTo(Kind.UNREACHABLE);
            assertThat(outcome.elapsed()).isEqualTo(ATTEMPT_DELAY.plus(DEAD_AFTER));
        }
    }

    /** The second address is tried as soon as the first one has failed, and the third 250 ms after the second at the earliest. */
    @Test
    void eachAddressHasItsTimeBeforeTheNextOneIsTriedBesideIt() {
        Duration deadAfter = Duration.ofMillis(200);
        try (SimNetwork network = network(30, new Reachability(3, 1, deadAfter, false))) {
            Outcome outcome = dial(network, withLiveAddressAt(network, 2).info());
            assertThat(outcome.elapsed()).isEqualTo(deadAfter.multipliedBy(2).plus(ROUND_TRIP.multipliedBy(2)));
        }
    }

    /** The production code hears of each failed address, and forgets it. */
    @Test
    void aFailedDialTakesTheDeadAddressOutOfTheRoutingTable() {
        try (SimNetwork network = network(30, new Reachability(2, 1, Duration.ofMillis(20), false))) {
            SimPeer owner = network.peer(0);
            SimPeer peer = withLiveAddressAt(network, 1);
            for (Multiaddr address : peer.info().addresses()) {
                network.await(owner.kademlia().addAddress(peer.id(), address));
            }
            assertThat(addressesInTable(owner, peer)).hasSize(2);
            dial(network, peer.info());
            assertThat(addressesInTable(owner, peer)).contains(peer.address());
            assertThat(addressesInTable(owner, peer).get(0)).isEqualTo(peer.address());
        }
    }

    private static List<Multiaddr> addressesInTable(SimPeer owner, SimPeer peer) {
        return owner.kademlia().routingTable().entries().stream()
                .filter(entry -> entry.peer().equals(peer.id()))
                .flatMap(entry -> entry.addresses().stream())
                .toList();
    }

    @Test
    void peersThatDialEachOtherAtOnceHaveTwoConnectionsAndKnowBoth() {
        for (boolean simultaneous : new boolean[] {true, false}) {
            try (SimNetwork network = network(2, new Reachability(1, 0, DEAD_AFTER, simultaneous))) {
                dialEachOther(network);
                int expected = simultaneous ? 2 : 1;
                for (SimPeer peer : network.peers()) {
                    assertThat(connections(peer)).hasSize(expected);
                    assertThat(connections(peer).stream()
                                    .map(ConnectionInfo::direction)
                                    .distinct())
                            .hasSize(expected);
                }
                assertThat(ids(network.peer(0))).isEqualTo(ids(network.peer(1)));
            }
        }
    }

    @Test
    void aRequestInFlightOnALostConnectionIsRepeatedOnTheOtherOne() {
        try (SimNetwork network = network(2, new Reachability(1, 0, DEAD_AFTER, true))) {
            dialEachOther(network);
            SimPeer peer = network.peer(0);
            Outcome request = Operation.REQUEST.start(network, peer, network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP.dividedBy(4));
            peer.transport().connectionTable().lose(network.peer(1).id());
            network.advance(TIMEOUT);
            assertThat(request.hasSucceeded()).isTrue();
            assertThat(request.elapsed()).isEqualTo(ROUND_TRIP.multipliedBy(5).dividedBy(4));
            assertThat(connections(peer)).hasSize(1);
            assertThat(network.requests())
                    .as("what was in flight on the lost one did not arrive")
                    .isEqualTo(1);
            assertThat(peer.kademlia().routingTable().entries())
                    .as("the peer is connected still")
                    .allMatch(entry -> entry.connected());
        }
    }

    /** What is in flight on a connection that was closed, and not lost, arrives still. */
    @Test
    void aRequestOnAClosedConnectionIsNotRepeated() {
        NetworkConditions conditions =
                conditions(new Reachability(1, 0, DEAD_AFTER, true)).withDialRoundTrips(2);
        try (SimNetwork network = network(2, conditions)) {
            SimPeer peer = network.peer(0);
            Operation.CONNECT.start(network, peer, network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP.plus(ONE_WAY.dividedBy(2)));
            Operation.CONNECT.start(network, network.peer(1), peer, TIMEOUT);
            network.advance(TIMEOUT);
            assertThat(connections(peer))
                    .as("connections, in use at both ends the same one")
                    .hasSize(2);
            Outcome request = Operation.REQUEST.start(network, peer, network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP.dividedBy(4));
            network.peer(1).transport().disconnect(peer.id());
            network.advance(TIMEOUT);
            assertThat(network.requests()).isEqualTo(1);
            assertThat(request.hasEnded()).isTrue();
        }
    }

    @Test
    void aRequestInFlightOnTheOnlyConnectionIsRepeatedOnANewOne() {
        try (SimNetwork network = network(2, new Reachability(1, 0, DEAD_AFTER, false))) {
            dialEachOther(network);
            SimPeer peer = network.peer(0);
            Outcome request = Operation.REQUEST.start(network, peer, network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP.dividedBy(4));
            peer.transport().connectionTable().lose(network.peer(1).id());
            assertThat(connections(peer)).isEmpty();
            assertThat(connections(network.peer(1))).isEmpty();
            network.advance(TIMEOUT);
            assertThat(request.hasSucceeded()).isTrue();
            assertThat(request.elapsed()).isEqualTo(ROUND_TRIP.multipliedBy(9).dividedBy(4));
            assertThat(network.requests()).isEqualTo(1);
        }
    }

    @Test
    void aRequestIsRepeatedOnce() {
        try (SimNetwork network = network(2, new Reachability(1, 0, DEAD_AFTER, false))) {
            dialEachOther(network);
            SimPeer peer = network.peer(0);
            network.peer(1).behavior(PeerBehavior.SILENT);
            Outcome request = Operation.REQUEST.start(network, peer, network.peer(1), TIMEOUT);
            for (int loss = 0; loss < 2; loss++) {
                network.advance(ROUND_TRIP.multipliedBy(2));
                peer.transport().connectionTable().lose(network.peer(1).id());
            }
            network.advance(Duration.ofMillis(1));
            assertThat(request.failureKind()).isEqualTo(Kind.CLOSED);
            assertThat(connections(peer)).isEmpty();
        }
    }

    @Test
    void aRequestWhosePeerHasLeftMeanwhileFailsAsThatOfALostConnection() {
        try (SimNetwork network = network(2, new Reachability(1, 0, DEAD_AFTER, false))) {
            dialEachOther(network);
            SimPeer peer = network.peer(0);
            network.peer(1).behavior(PeerBehavior.SILENT);
            Outcome request = Operation.REQUEST.start(network, peer, network.peer(1), TIMEOUT);
            network.advance(ROUND_TRIP);
            network.stop(network.peer(1));
            peer.transport().connectionTable().lose(network.peer(1).id());
            network.advance(ROUND_TRIP);
            assertThat(request.failureKind()).isEqualTo(Kind.CLOSED);
        }
    }

    @Test
    void addressesNeedDialsThatTakeTime() {
        Reachability several = new Reachability(2, 0, DEAD_AFTER, false);
        assertThatThrownBy(() -> NetworkConditions.GOOD.withDialRoundTrips(0).withReachability(several))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NetworkConditions.GOOD.withoutConnections().withReachability(several))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Reachability(17, 0, DEAD_AFTER, false)).hasMessageContaining("addresses");
        assertThatThrownBy(() -> new Reachability(2, 1.1, DEAD_AFTER, false)).hasMessageContaining("deadAddresses");
    }

    @Test
    void lookupsAmongDeadAddressesFindTheClosestPeers() {
        NetworkConditions conditions =
                NetworkConditions.GOOD.withReachability(new Reachability(3, 0.7, DEAD_AFTER, true));
        try (SimNetwork network = SimNetwork.builder()
                .peers(100)
                .seed(3)
                .tables(TableInit.IDEAL)
                .conditions(conditions)
                .config(withoutJobs())
                .build()) {
            for (int number = 0; number < 10; number++) {
                SimPeer peer = network.peer(number);
                var target = network.peer(99 - number).id().bytes();
                var found = network.await(
                        peer.kademlia().getClosestPeers(target, 20).result());
                assertThat(found.peers()).extracting(PeerInfo::id).isEqualTo(network.closest(target, 20, peer));
            }
        }
    }

    private static void dialEachOther(SimNetwork network) {
        Operation.CONNECT.start(network, network.peer(0), network.peer(1), TIMEOUT);
        Operation.CONNECT.start(network, network.peer(1), network.peer(0), TIMEOUT);
        network.advance(TIMEOUT);
    }

    private static Outcome dial(SimNetwork network, PeerInfo info) {
        Outcome outcome = new Outcome(network);
        var unused = network.peer(0).transport().ping(info, TIMEOUT, outcome.callback());
        network.advance(TIMEOUT.multipliedBy(2));
        return outcome;
    }

    private static SimPeer withLiveAddressAt(SimNetwork network, int index) {
        return network.peers().stream()
                .skip(1)
                .filter(peer -> peer.info().addresses().indexOf(peer.address()) == index)
                .findFirst()
                .orElseThrow();
    }

    private static List<ConnectionInfo> connections(SimPeer peer) {
        return peer.transport().connections();
    }

    private static List<Long> ids(SimPeer peer) {
        return connections(peer).stream().map(ConnectionInfo::id).sorted().toList();
    }

    private static SimNetwork network(int peers, Reachability reachability) {
        return network(peers, conditions(reachability));
    }

    private static NetworkConditions conditions(Reachability reachability) {
        return NetworkConditions.GOOD.withLatency(Latency.fixed(ONE_WAY)).withReachability(reachability);
    }

    private static SimNetwork network(int peers, NetworkConditions conditions) {
        return SimNetwork.builder()
                .peers(peers)
                .seed(5)
                .config(withoutJobs())
                .conditions(conditions)
                .build();
    }

    private static KademliaConfig withoutJobs() {
        return KademliaConfig.builder()
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .build();
    }
}
