package io.kad.interop.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.interop.Answer;
import io.kad.interop.KadProgram;
import io.kad.interop.PeerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers behind one public address, as those of one host or of one NAT are; its interfaces change under them. */
@Timeout(300)
class OneHostTest {

    private static final String ADDRESS = "45.77.0.5";
    private static final String LATER_ADDRESS = "45.78.0.6";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<PeerProcess> peers = new ArrayList<>();
    private NetworkNamespace namespace;

    @BeforeEach
    void makeNetwork() throws IOException, InterruptedException {
        namespace = NetworkNamespace.create().orElse(null);
        if (namespace == null) {
            System.out.println("SKIPPED: " + OneHostTest.class.getSimpleName()
                    + " needs unshare, nsenter and ip, and the right to make a network namespace with veth interfaces");
            abort("no network namespace");
        }
        namespace.addInterface("kad0", ADDRESS);
    }

    @AfterEach
    void end() {
        peers.forEach(PeerProcess::endInput);
        peers.forEach(PeerProcess::close);
        if (namespace != null) {
            namespace.close();
        }
        assertThat(peers.stream().flatMap(peer -> peer.findings().stream())).isEmpty();
    }

    private void start(int count) {
        for (int number = 0; number < count; number++) {
            List<String> arguments = new ArrayList<>(List.of(
                    "node",
                    "--json",
                    "--stdin",
                    "--listen",
                    "/ip4/0.0.0.0/tcp/0",
                    "--protocol",
                    "/one-host/kad/1.0.0"));
            if (number > 0) {
                PeerProcess first = peers.get(0);
                arguments.addAll(
                        List.of("--bootstrap", "/ip4/" + ADDRESS + "/tcp/" + first.port() + "/p2p/" + first.peerId()));
            }
            peers.add(new PeerProcess(
                    "kad " + number,
                    namespace.command(KadProgram.command(List.of("-Xmx64m"), "io.kad.node.Main", arguments))));
        }
    }

    private void awaitEachKnowsAll() {
        for (PeerProcess peer : peers) {
            List<String> others = peers.stream()
                    .map(PeerProcess::peerId)
                    .filter(id -> !id.equals(peer.peerId()))
                    .toList();
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(peer.routingTable()).as(peer::toString).containsAll(others));
        }
    }

    /** Returns the addresses at which {@code peer} knows the others. */
    private static List<String> knownAddresses(PeerProcess peer) {
        List<String> addresses = new ArrayList<>();
        JsonNode others = peer.run("routing-table").last().path("peers");
        others.forEach(other -> other.path("addresses").forEach(address -> addresses.add(address.asText())));
        return addresses;
    }

    private void assertServing(PeerProcess writer, String key, String value) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Answer put = writer.ask("put " + key + " " + value + " --timeout 20s");
            assertThat(put.ok()).as(put::toString).isTrue();
            assertThat(put.number("stored")).as(put::toString).isEqualTo(peers.size() - 1);
        });
        assertThat(peers.get(1).run("get " + key).text("text")).isEqualTo(value);
    }

    @Test
    void twelvePeersJoin() {
        start(12);
        awaitEachKnowsAll();
        assertServing(peers.get(11), "/app/one-host", "twelve");
    }

    @Test
    void theyMeetAtANewAddressWhenTheOldOneGoes() throws IOException, InterruptedException {
        start(4);
        awaitEachKnowsAll();
        namespace.addInterface("kad1", LATER_ADDRESS);
        for (PeerProcess peer : peers) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(knownAddresses(peer))
                            .as(peer::toString)
                            .filteredOn(address -> address.startsWith("/ip4/" + LATER_ADDRESS + "/"))
                            .hasSize(3));
        }
        namespace.removeInterface("kad0");
        // The connections went with the interface, so nobody can be told before the next contact, which is at the new
        // address
        for (int number = 0; number < peers.size(); number++) {
            assertServing(peers.get(number), "/app/moved-" + number, "moved");
        }
        String bootstrapPeer = peers.get(0).peerId();
        for (PeerProcess peer : peers) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(knownAddresses(peer))
                            .as(peer::toString)
                            .filteredOn(address ->
                                    !address.endsWith(bootstrapPeer)) // the user has given its address, which stays
                            .noneMatch(address -> address.startsWith("/ip4/" + ADDRESS + "/")));
        }
    }
}
