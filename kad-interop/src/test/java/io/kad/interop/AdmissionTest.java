package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who enters whose routing table, and what follows from a change of mode. */
@Timeout(240)
class AdmissionTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @Test
    void jsAdmitsAKadPeerThatDialledIt() {
        LibraryPeer js = peers.js();
        KadPeer kad = peers.kad("--bootstrap", js.address());
        assertEachAdmits(js, kad);
    }

    @Test
    void jsAdmitsAKadPeerThatItDialled() {
        KadPeer kad = peers.kad();
        LibraryPeer js = peers.js("--bootstrap", kad.address());
        assertEachAdmits(js, kad);
    }

    @Test
    void keysOfOtherTypesAreAdmittedToo() {
        KadPeer kad = peers.kad();
        for (String type : List.of("secp256k1", "RSA")) {
            kad.awaitKnows(peers.js("--key-type", type, "--bootstrap", kad.address()));
        }
    }

    @Test
    void aKadPeerThatTurnsClientIsAdvertisedNoMoreUntilItTurnsServer() {
        LibraryPeer js = peers.js();
        KadPeer kad = peers.kad("--bootstrap", js.address());
        assertEachAdmits(js, kad);

        assertThat(kad.run("mode client").text("mode")).isEqualTo("client");
        awaitAdvertised(js, kad, false);
        LibraryPeer later = peers.js("--bootstrap", kad.address());
        awaitAdvertised(later, kad, false);
        assertThat(later.routingTable()).doesNotContain(kad.peerId());
        assertThat(refusedKadStream(later, kad).ok()).isFalse();

        assertThat(kad.run("mode server").text("mode")).isEqualTo("server");
        awaitAdvertised(js, kad, true);
        later.awaitKnows(kad);
    }

    @Test
    void aJsClientThatTurnsServerEntersTheKadRoutingTable() {
        KadPeer kad = peers.kad();
        LibraryPeer js = peers.js("--client", "--bootstrap", kad.address());
        awaitAdvertised(kad, js, false);
        assertThat(kad.routingTable()).isEmpty();

        js.run("mode server");
        kad.awaitKnows(js);
    }

    @Test
    void aJsServerThatTurnsClientLeavesTheKadRoutingTable() {
        KadPeer kad = peers.kad();
        LibraryPeer js = peers.js("--bootstrap", kad.address());
        kad.awaitKnows(js);

        js.run("mode client");
        await().atMost(PeerProcess.PATIENCE)
                .untilAsserted(() -> assertThat(kad.routingTable()).isEmpty());
    }

    private static void assertEachAdmits(LibraryPeer js, KadPeer kad) {
        js.event("routing-add", line -> line.path("peerId").asText().equals(kad.peerId()));
        kad.awaitKnows(js);
        assertThat(Answer.texts(identified(js, kad), "protocols")).contains(Peers.PROTOCOL);
        assertThat(Answer.texts(identified(kad, js), "protocols")).contains(Peers.PROTOCOL);
    }

    private static JsonNode identified(PeerProcess observer, PeerProcess peer) {
        return observer.lastEvent("peer-identified", peer).orElseThrow();
    }

    /** Waits until the last thing that {@code observer} heard of {@code peer} has the Kademlia protocol in it, or not. */
    private static void awaitAdvertised(PeerProcess observer, PeerProcess peer, boolean wanted) {
        await().atMost(PeerProcess.PATIENCE)
                .until(
                        () -> observer.lastEvent("peer-identified", peer)
                                .map(line -> Answer.texts(line, "protocols").contains(Peers.PROTOCOL)),
                        Optional.of(wanted)::equals);
    }

    private static Answer refusedKadStream(LibraryPeer js, KadPeer kad) {
        return js.ask("raw-request " + kad.peerId() + " " + Peers.PROTOCOL + " " + KadFrames.PING + " --wait 1s");
    }
}
