package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the kad program says to input that can't be right: one clear line, and the exit code that scripts go by. */
@Timeout(240)
class WrongUseTest {

    private static final String SOMEBODY = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";

    @RegisterExtension
    static final Peers peers = new Peers();

    /** Bound and not listening: its port refuses connections, and no other process can listen there. */
    private static final Socket BOUND = new Socket();

    private static KadPeer kad;

    @BeforeAll
    static void start() throws IOException {
        BOUND.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        kad = peers.kad();
    }

    @AfterAll
    static void release() throws IOException {
        BOUND.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "node --listen /ip4/127.0.0.1/tcp/notaport",
                "node --listen nonsense",
                "node --bootstrap /ip4/127.0.0.1/tcp/4001",
                "ping /ip4/999.0.0.1/tcp/1",
                "get no-key",
                "put /app/x",
                "find-peer nobody",
                "closest-peers 0xzz",
                "nonsense"
            })
    void badInputIsExitCodeTwo(String command) {
        KadProgram.Ended ended = KadProgram.run(command.split(" ", -1));
        assertThat(ended.exitCode()).as(ended::toString).isEqualTo(2);
        assertOneClearLine(ended.out() + ended.err());
    }

    @Test
    void aPortInUseIsTold() {
        KadProgram.Ended ended = KadProgram.run("node", "--listen", "/ip4/127.0.0.1/tcp/" + kad.port());
        assertThat(ended.exitCode()).as(ended::toString).isIn(1, 2);
        assertOneClearLine(ended.out() + ended.err());
        assertThat(ended.out() + ended.err()).contains(Integer.toString(kad.port()));
    }

    @Test
    void aBootstrapPeerThatNobodyReachesIsExitCodeOne() {
        KadProgram.Ended ended = KadProgram.run("get", "/app/x", "--bootstrap", refusingAddress());
        assertThat(ended.exitCode()).as(ended::toString).isEqualTo(1);
        assertOneClearLine(ended.out() + ended.err());
    }

    @Test
    void anotherPeerAtTheAddressIsExitCodeOne() {
        KadProgram.Ended ended = KadProgram.run("ping", "/ip4/127.0.0.1/tcp/" + kad.port() + "/p2p/" + SOMEBODY);
        assertThat(ended.exitCode()).as(ended::toString).isEqualTo(1);
        assertOneClearLine(ended.out() + ended.err());
        assertThat(ended.out() + ended.err()).contains(SOMEBODY);
    }

    @Test
    void withJsonTheRefusalIsOneLineOfIt() {
        KadProgram.Ended ended = KadProgram.run("get", "no-key", "--json");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.out().lines()).singleElement().asString().contains("\"ok\":false", "\"bad-input\"");
    }

    @Test
    void aPeerWhoseBootstrapPeerIsGoneRunsOn() {
        KadPeer lonely = peers.kad("--bootstrap", refusingAddress());
        assertThat(lonely.ask("get /app/x").ok()).isFalse();
        KadPeer friend = peers.kad("--bootstrap", lonely.address());
        friend.awaitKnows(lonely);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "get",
                "get no-key",
                "get /app/x --quorum none",
                "put '/app/open quote",
                "connect nonsense",
                "find-peer nobody",
                "find-peer " + SOMEBODY + " --count",
                "mode sometimes",
                "put /app/x @/no/such/file"
            })
    void aLineThatIsWrongIsAnswered(String line) {
        Answer answer = kad.ask(line);
        assertThat(answer.code()).isEqualTo("bad-input");
        assertThat(answer.text("message")).isNotBlank();
    }

    @Test
    void aPeerThatCantBeReachedIsToldApartFromAWrongAddress() {
        assertThat(kad.ask("connect " + refusingAddress()).code()).isEqualTo("unreachable");
        assertThat(kad.ask("connect /ip4/127.0.0.1/tcp/" + kad.port() + "/p2p/" + SOMEBODY)
                        .code())
                .isEqualTo("unreachable");
    }

    /** Returns an address that refuses connections. */
    private static String refusingAddress() {
        return "/ip4/127.0.0.1/tcp/" + BOUND.getLocalPort() + "/p2p/" + SOMEBODY;
    }

    private static void assertOneClearLine(String said) {
        assertThat(said).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(said.lines().filter(line -> !line.isBlank() && !line.contains(" WARN ")))
                .as(() -> said)
                .hasSize(1);
    }
}
