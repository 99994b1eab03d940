package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.KademliaConfig;
import io.kad.api.RoutingTableView;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.sim.network.SimPeer;
import io.kad.store.memory.MemoryStoreLimits;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that each invariant reports a violation. */
class InvariantsTest {

    @Test
    void aClientInATableIsAViolation() {
        try (SimNetwork network =
                network().clients(0.5).check(Invariants.noClientInTables()).build()) {
            SimPeer client = network.peers().stream()
                    .filter(SimPeer::isClient)
                    .findFirst()
                    .orElseThrow();
            SimPeer server = network.peers().stream()
                    .filter(peer -> !peer.isClient())
                    .findFirst()
                    .orElseThrow();
            assertThatThrownBy(() -> {
                        network.await(server.kademlia().addAddress(client.id(), client.address()));
                        network.advance(Duration.ofSeconds(1));
                    })
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("seed 5")
                    .hasMessageContaining("a client");
        }
    }

    // --- the routing table

    private static RoutingTableView.Entry entry(SimPeer self, SimPeer peer) {
        int bucket = self.id().kadKey().distance(peer.id().kadKey()).log2();
        return new RoutingTableView.Entry(peer.id(), bucket, true, List.of(peer.address()));
    }

    private static Optional<String> structureViolation(SimPeer self, RoutingTableView.Entry... entries) {
        return Invariants.structureViolation(self.id(), List.of(entries), 20);
    }

    @Test
    void whateverIsWrongWithATableIsAViolation() {
        try (SimNetwork network = network().build()) {
            SimPeer self = network.peer(0);
            RoutingTableView.Entry valid = entry(self, network.peer(1));
            assertThat(structureViolation(self, valid, entry(self, network.peer(2))))
                    .isEmpty();
            assertThat(structureViolation(
                            self, new RoutingTableView.Entry(self.id(), 0, true, List.of(self.address()))))
                    .contains("routing table contains the local peer");
            assertThat(structureViolation(self, valid, valid))
                    .contains("routing table contains " + valid.peer() + " twice");
            assertThat(structureViolation(
                            self,
                            new RoutingTableView.Entry(valid.peer(), valid.bucket() - 1, true, valid.addresses())))
                    .contains(valid.peer() + " is in the wrong bucket, " + (valid.bucket() - 1));
            assertThat(structureViolation(
                            self, new RoutingTableView.Entry(valid.peer(), valid.bucket(), true, List.of())))
                    .contains("routing table contains " + valid.peer() + " without an address");
        }
    }

    @Test
    void aBucketWithAnEntryTooManyIsAViolation() {
        try (SimNetwork network = network().build()) {
            SimPeer self = network.peer(0);
            List<RoutingTableView.Entry> farthest = network.peers().stream()
                    .filter(peer -> peer != self)
                    .map(peer -> entry(self, peer))
                    .filter(entry -> entry.bucket() == 255)
                    .toList();
            assertThat(farthest).hasSizeGreaterThan(1);
            assertThat(Invariants.structureViolation(self.id(), farthest, farthest.size()))
                    .isEmpty();
            assertThat(Invariants.structureViolation(self.id(), farthest, farthest.size() - 1))
                    .contains("bucket 255 has more than " + (farthest.size() - 1) + " entries");
        }
    }

    /** The check sees the tables of the peers of a network as they are. */
    @Test
    void theTablesOfANetworkAreCheckedAsTheyAre() {
        Invariant bucketsOfOne = (network, peer) -> Invariants.structureViolation(
                peer.id(), peer.kademlia().routingTable().entries(), 1);
        assertThatThrownBy(() -> network().check(bucketsOfOne).build())
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("has more than 1 entries");
    }

    // --- limits

    @Test
    void eachNumberAboveItsLimitIsAViolation() {
        KademliaConfig config = KademliaConfig.builder()
                .set(KademliaConfig.MAX_CONNECTIONS, 10)
                .set(KademliaConfig.MAX_CONCURRENT_QUERIES, 5)
                .build();
        assertThat(Invariants.boundViolation(config, 10, Invariants.MAX_REQUESTS, 5))
                .isEmpty();
        assertThat(Invariants.boundViolation(config, 11, 0, 0))
                .contains("11 connections, 0 requests and 0 queries exceed the limits");
        assertThat(Invariants.boundViolation(config, 0, Invariants.MAX_REQUESTS + 1, 0))
                .isPresent();
        assertThat(Invariants.boundViolation(config, 0, 0, 6)).isPresent();
    }

    // --- responses

    @Test
    void aResponseThatContainsItsSenderIsAViolation() {
        try (SimNetwork network = network().build()) {
            network.addTrafficListener(Invariants.validResponses(network, 20));
            network.peers()
                    .subList(1, network.peers().size())
                    .forEach(peer -> peer.behavior((self, request, responder, defaultHandler) ->
                            responder.respond(new KadResponse.FindNode(List.of(peer.info())))));
            assertThatThrownBy(() -> network.tryAwait(network.peer(0).kademlia().getClosestPeers(Bytes.utf8("x"), 20)))
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("contain the sender");
        }
    }

    @Test
    void aResponseThatContainsTheRequesterIsAViolation() {
        try (SimNetwork network = network().build()) {
            network.addTrafficListener(Invariants.validResponses(network, 20));
            SimPeer requester = network.peer(0);
            network.peers()
                    .subList(1, network.peers().size())
                    .forEach(peer -> peer.behavior((self, request, responder, defaultHandler) ->
                            responder.respond(new KadResponse.FindNode(List.of(requester.info())))));
            assertThatThrownBy(() -> network.tryAwait(requester.kademlia().getClosestPeers(Bytes.utf8("x"), 20)))
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("contain the requester");
        }
    }

    @Test
    void aResponseWithTooManyPeersOrAPeerTwiceIsAViolation() {
        for (int times : new int[] {2, 30}) {
            try (SimNetwork network = network().build()) {
                network.addTrafficListener(Invariants.validResponses(network, 20));
                SimPeer requester = network.peer(0);
                SimPeer third = network.peer(1);
                network.peers()
                        .subList(2, network.peers().size())
                        .forEach(peer -> peer.behavior((self, request, responder, defaultHandler) -> {
                            // not to the third peer, which may be bootstrapping: its own name is another violation
                            if (request.from().equals(requester.id())) {
                                responder.respond(new KadResponse.FindNode(Collections.nCopies(times, third.info())));
                            } else {
                                defaultHandler.run();
                            }
                        }));
                assertThatThrownBy(() -> network.tryAwait(requester.kademlia().getClosestPeers(Bytes.utf8("x"), 20)))
                        .isInstanceOf(InvariantViolation.class)
                        .hasMessageContaining(times == 2 ? "twice" : "30 closer peers");
            }
        }
    }

    @Test
    void aStoreBeyondItsLimitIsAViolation() {
        MemoryStoreLimits none =
                MemoryStoreLimits.parse(Map.of("memory.max-records", "0", "memory.max-local-records", "0"));
        try (SimNetwork network = network().check(Invariants.storesWithin(none)).build()) {
            Record record = Record.of(RecordKey.utf8("/app/a"), Bytes.utf8("b"));
            assertThatThrownBy(() -> network.await(network.peer(0)
                            .kademlia()
                            .putRecord(record, Quorum.one())
                            .result()))
                    .isInstanceOf(InvariantViolation.class)
                    .hasMessageContaining("1 records and 0 providers exceed the limits");
        }
    }

    @Test
    void anInvariantOfTheUserIsCheckedAfterEachEvent() {
        Invariant never = (network, peer) -> peer.number() == 3 ? Optional.of("number is 3") : Optional.empty();
        assertThatThrownBy(() -> network().check(never).build())
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("number is 3");
    }

    private static SimNetworkBuilder network() {
        return SimNetwork.builder().peers(12).seed(5).tables(TableInit.JOINED);
    }
}
