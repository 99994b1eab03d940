package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Three peers of each kind in one network. */
@Timeout(240)
class MixedNetworkTest {

    @RegisterExtension
    static final Peers peers = new Peers();

    private static List<PeerProcess> all;

    @BeforeAll
    static void join() {
        LibraryPeer js = peers.js();
        KadPeer kad = peers.kad("--bootstrap", js.address());
        all = List.of(
                js,
                kad,
                peers.js("--bootstrap", kad.address()),
                peers.js("--bootstrap", js.address()),
                peers.kad("--bootstrap", js.address()),
                peers.kad("--bootstrap", kad.address()));
        Peers.connectAll(all.toArray(PeerProcess[]::new));
    }

    @Test
    void eachFindsAllOthers() {
        for (PeerProcess asker : all) {
            for (PeerProcess sought : others(asker)) {
                Answer found = asker.run("find-peer " + sought.peerId());
                assertThat(found.text("peerId")).isEqualTo(sought.peerId());
                assertThat(Answer.addresses(found.last())).contains(sought.socketAddress());
            }
        }
    }

    @Test
    void eachListsTheClosestPeersInTheOrderOfTheirDistance() {
        for (PeerProcess asker : all) {
            for (String key : List.of("/app/one", "/app/two", "/app/three")) {
                List<String> others =
                        others(asker).stream().map(PeerProcess::peerId).toList();
                assertThat(asker.run("closest-peers " + key).peerIds())
                        .as(() -> asker + " " + key)
                        .isEqualTo(Keys.nearestFirst(key, others));
            }
        }
    }

    @Test
    void aKadNewcomerFindsThroughJsThosePeersThatItNeverMet() {
        KadPeer newcomer =
                peers.kad("--mode", "client", "--bootstrap", all.get(0).address());
        for (PeerProcess sought : all) {
            assertThat(Answer.addresses(
                            newcomer.run("find-peer " + sought.peerId()).last()))
                    .contains(sought.socketAddress());
        }
    }

    @Test
    void aJsNewcomerFindsThroughKadThosePeersThatItNeverMet() {
        LibraryPeer newcomer = peers.js("--client", "--bootstrap", all.get(1).address());
        newcomer.awaitKnows(all.get(1));
        for (PeerProcess sought : all) {
            assertThat(Answer.addresses(
                            newcomer.run("find-peer " + sought.peerId()).last()))
                    .contains(sought.socketAddress());
        }
    }

    @Test
    void clientsPutAndGetButStayOutOfEveryKadRoutingTable() {
        LibraryPeer jsClient = peers.js("--client", "--bootstrap", all.get(1).address());
        KadPeer kadClient =
                peers.kad("--mode", "client", "--bootstrap", all.get(0).address());
        List<String> servers = all.stream().map(PeerProcess::peerId).toList();
        for (PeerProcess client : List.of(jsClient, kadClient)) {
            client.awaitKnows(all.get(1));
            for (PeerProcess server : all) {
                client.run("connect " + server.address());
            }
            client.run("put /app/of-a-client-" + client.peerId() + " kept");
        }
        assertThat(jsClient.run("get /app/of-a-client-" + kadClient.peerId()).text("text"))
                .isEqualTo("kept");
        assertThat(kadClient.run("get /app/of-a-client-" + jsClient.peerId()).text("text"))
                .isEqualTo("kept");
        for (PeerProcess server : all) {
            server.event("peer-identified", line -> line.path("peerId").asText().equals(jsClient.peerId()));
            server.event("peer-identified", line -> line.path("peerId").asText().equals(kadClient.peerId()));
            if (server instanceof KadPeer) {
                assertThat(server.routingTable()).isSubsetOf(servers);
            }
        }
        assertThat(kadClient.routingTable()).isSubsetOf(servers);
    }

    private static List<PeerProcess> others(PeerProcess peer) {
        List<PeerProcess> others = new ArrayList<>(all);
        others.remove(peer);
        return others;
    }
}
