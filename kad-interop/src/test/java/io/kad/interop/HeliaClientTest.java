package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The Delegated Routing client of Helia, in a process of its own, against the HTTP server of a kad node in a network with a js peer. */
@Timeout(240)
class HeliaClientTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    static final Peers peers = new Peers();

    private static LibraryPeer js;
    private static KadPeer server;
    private static KadPeer other;
    private static String url;

    @BeforeAll
    static void join() {
        js = peers.js();
        server = peers.kad("--bootstrap", js.address(), "--http", "127.0.0.1:0");
        other = peers.kad("--bootstrap", js.address());
        Peers.awaitEachKnowsAll(js, server, other);
        url = "http://" + server.event("http", line -> true).path("address").asText();
    }

    /** Runs a lookup of the client, and returns its lines. */
    private static Answer lookup(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(url));
        all.addAll(List.of(arguments));
        Answer answer =
                new Answer(String.join(" ", arguments), NodeScript.run(LIMIT, "src/test/js/delegated.mjs", all));
        assertThat(answer.ok()).as(answer.toString()).isTrue();
        return answer;
    }

    private static List<String> peerIds(Answer answer) {
        return answer.peerIds().stream().map(id -> PeerId.parse(id).toString()).toList();
    }

    private static String cidOf(PeerProcess peer) {
        return PeerId.parse(peer.peerId()).toCid();
    }

    @Test
    void itFindsProvidersOfBothKinds() throws Exception {
        String cid = Keys.cidOf("of both");
        js.run("provide " + cid);
        other.run("provide " + cid);
        assertThat(peerIds(lookup("providers", cid))).containsExactlyInAnyOrder(js.peerId(), other.peerId());
        assertThat(peerIds(lookup("providers", cid, "tcp,!ip6"))).hasSize(2);
        assertThat(peerIds(lookup("providers", cid, "webtransport"))).isEmpty();
    }

    @Test
    void itFindsNothingWhereThereIsNothing() throws Exception {
        assertThat(lookup("providers", Keys.cidOf("of nobody")).number("count")).isZero();
    }

    @Test
    void itFindsAPeerAndItsAddresses() throws Exception {
        for (PeerProcess peer : List.of(js, other)) {
            Answer found = lookup("peers", cidOf(peer));
            assertThat(peerIds(found)).containsExactly(peer.peerId());
            assertThat(Answer.texts(found.lines().get(0), "addresses")).contains(peer.socketAddress());
        }
    }

    @Test
    void itFindsTheClosestPeers() throws Exception {
        String key = Keys.cidOf("of anybody");
        assertThat(peerIds(lookup("closest-peers", key)))
                .isEqualTo(server.run("closest-peers " + key).peerIds())
                .hasSize(2);
    }
}
