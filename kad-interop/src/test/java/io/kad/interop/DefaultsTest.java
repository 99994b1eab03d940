package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kad peer as users have it, with the defaults of all timeouts. A command that a pause of the machine makes fail is repeated, and nothing is counted. */
@Timeout(240)
class DefaultsTest {

    @RegisterExtension
    final Peers peers = new Peers();

    @ParameterizedTest
    @EnumSource
    void recordsAndProvidersAreExchanged(Implementation implementation) {
        LibraryPeer other = peers.of(implementation);
        KadPeer kad = peers.kadWithDefaults("--bootstrap", other.address());
        Peers.awaitEachKnowsAll(kad, other);
        awaitOk(kad, "put /app/of-kad kept");
        awaitOk(other, "put /app/of-the-other kept");
        String cid = Keys.cidOf("of the other");
        awaitOk(other, "provide " + cid);
        await().atMost(PeerProcess.PATIENCE).untilAsserted(() -> {
            assertThat(other.run("get /app/of-kad").text("text")).isEqualTo("kept");
            assertThat(kad.run("get /app/of-the-other").text("text")).isEqualTo("kept");
        });
        awaitOk(kad, "find-providers " + cid);
    }

    private static void awaitOk(PeerProcess peer, String command) {
        await().atMost(PeerProcess.PATIENCE).until(() -> peer.ask(command).ok());
    }
}
