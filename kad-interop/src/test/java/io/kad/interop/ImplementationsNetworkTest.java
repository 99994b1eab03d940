package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One network of four peers of each implementation: sixteen that have joined through one peer each, of another implementation. */
@Timeout(400)
class ImplementationsNetworkTest {

    @RegisterExtension
    static final Peers peers = new Peers();

    private static EmbeddedPeers embedded;
    private static KadPeer kad;
    private static KadPeer secondKad;
    private static List<LibraryPeer> others;
    private static Set<String> ids;

    @BeforeAll
    static void join() {
        for (Implementation implementation : Implementation.values()) {
            implementation.requireBuilt();
        }
        kad = peers.kad();
        others = new ArrayList<>();
        PeerProcess last = kad;
        for (int round = 0; round < 4; round++) {
            for (Implementation implementation : Implementation.values()) {
                LibraryPeer peer = peers.of(implementation, "--bootstrap", last.address());
                last.awaitKnows(peer);
                others.add(peer);
                last = peer;
            }
        }
        secondKad = peers.kad("--bootstrap", last.address());
        embedded = new EmbeddedPeers(2);
        embedded.joinAll(others.get(0).address());
        ids = new TreeSet<>(embedded.peerIds());
        ids.addAll(List.of(kad.peerId(), secondKad.peerId()));
        others.forEach(peer -> ids.add(peer.peerId()));
    }

    @AfterAll
    static void leave() {
        embedded.close();
    }

    /** Sixteen peers are fewer than k, so that a bootstrap finds all of them. */
    @Test
    void aBootstrapFindsAllPeersOfAllImplementations() {
        for (KadPeer peer : List.of(kad, secondKad)) {
            await().atMost(PeerProcess.PATIENCE).untilAsserted(() -> {
                peer.run("bootstrap");
                assertThat(new TreeSet<>(peer.routingTable())).isEqualTo(idsWithout(peer));
            });
        }
        for (LibraryPeer peer : of(Implementation.RUST, Implementation.GO)) {
            await().atMost(PeerProcess.PATIENCE).untilAsserted(() -> {
                peer.run("bootstrap");
                assertThat(peer.routingTable()).as(peer::toString).contains(kad.peerId(), secondKad.peerId());
            });
        }
    }

    @Test
    void theClosestPeersAreThoseOfBruteForce() {
        for (PeerProcess asker : askers()) {
            for (int number = 0; number < 3; number++) {
                String target = "/app/target-" + number;
                await().atMost(PeerProcess.PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        asker.run("closest-peers " + target).peerIds())
                                .as(() -> asker + " " + target)
                                .isEqualTo(Keys.nearestFirst(target, idsWithout(asker))));
            }
        }
    }

    @Test
    void whatOnePutsAndProvidesAllOthersFind() {
        for (PeerProcess writer : askers()) {
            String key = "/app/of-" + writer.peerId();
            String cid = Keys.cidOf(writer.peerId());
            writer.run("put " + key + " kept");
            writer.run("provide " + cid);
            for (PeerProcess reader : askers()) {
                assertThat(reader.run("get " + key).text("text"))
                        .as(() -> writer + " to " + reader)
                        .isEqualTo("kept");
                assertThat(reader.run("find-providers " + cid).peerIds())
                        .as(() -> writer + " to " + reader)
                        .containsExactly(writer.peerId());
            }
        }
    }

    /** Returns two kad peers and the first and the last peer of each other implementation. */
    private static List<PeerProcess> askers() {
        List<PeerProcess> askers = new ArrayList<>(List.of(kad, secondKad));
        int kinds = Implementation.values().length;
        askers.addAll(others.subList(0, kinds));
        askers.addAll(others.subList(others.size() - kinds, others.size()));
        return askers;
    }

    private static List<LibraryPeer> of(Implementation... wanted) {
        return others.stream()
                .filter(peer -> List.of(wanted).contains(peer.implementation()))
                .toList();
    }

    private static Set<String> idsWithout(PeerProcess peer) {
        Set<String> rest = new TreeSet<>(ids);
        rest.remove(peer.peerId());
        return rest;
    }
}
