package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Content that one implementation announces and the other one finds. */
@Timeout(240)
class ProvidersTest {

    @RegisterExtension
    static final Peers peers = new Peers();

    private static LibraryPeer js;
    private static KadPeer kad;

    @BeforeAll
    static void join() {
        js = peers.js();
        kad = peers.kad("--bootstrap", js.address());
        Peers.awaitEachKnowsAll(js, kad);
    }

    @Test
    void kadFindsWhatJsProvides() {
        String cid = Keys.cidOf("of js");
        assertThat(js.run("provide " + cid).texts("told")).containsExactly(kad.peerId());
        assertFinds(kad, cid, js);
    }

    @Test
    void jsFindsWhatKadProvides() {
        String cid = Keys.cidOf("of kad");
        assertThat(kad.run("provide " + cid).number("announced")).isEqualTo(1);
        assertFinds(js, cid, kad);
    }

    @Test
    void aThirdPeerFindsProvidersOfBothKinds() {
        String cid = Keys.cidOf("of both");
        js.run("provide " + cid);
        kad.run("provide " + cid);
        for (PeerProcess client : new PeerProcess[] {
            peers.kad("--mode", "client", "--bootstrap", js.address()),
            peers.kad("--mode", "client", "--bootstrap", kad.address()),
            peers.js("--client", "--bootstrap", kad.address())
        }) {
            client.awaitKnows(js, kad);
            assertThat(client.run("find-providers " + cid).peerIds())
                    .containsExactlyInAnyOrder(js.peerId(), kad.peerId());
        }
    }

    @Test
    void contentThatNobodyProvidesIsFoundByNeither() {
        String cid = Keys.cidOf("of nobody");
        assertThat(kad.ask("find-providers " + cid).peerIds()).isEmpty();
        assertThat(js.ask("find-providers " + cid).code()).isEqualTo("not-found");
    }

    private static void assertFinds(PeerProcess asker, String cid, PeerProcess provider) {
        Answer found = asker.run("find-providers " + cid);
        assertThat(found.peerIds()).containsExactly(provider.peerId());
        assertThat(Answer.addresses(found.lines().get(0))).contains(provider.socketAddress());
    }
}
