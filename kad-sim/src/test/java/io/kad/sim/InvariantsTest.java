package io.kad.sim;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
