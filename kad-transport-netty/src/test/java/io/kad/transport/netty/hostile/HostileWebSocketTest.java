package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.support.StartedTransports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hostile dialers of WebSocket, on a socket that a node shares among TCP and WebSocket. */
@Timeout(120)
class HostileWebSocketTest {

    private static final byte[] HEADER = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.UTF_8);
    private static final String GOOD = HandMadeWebSocket.REQUEST.replace("\r", "") + "\n";

    private TestNode node = start(KademliaConfig.builder().upgradeTimeout(Duration.ofSeconds(30)));

    private static TestNode start(KademliaConfig.Builder config) {
        TestNode started = new TestNode(1, config.build(), (request, responder) -> responder.reset());
        assertThat(StartedTransports.listen(started.transport, started.address + "/ws")
                        .join())
                .containsExactly(Multiaddr.parse(started.address + "/ws"));
        return started;
    }

    private void restart(KademliaConfig.Builder config) {
        node.close();
        node = start(config);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private RawHttp raw() throws IOException {
        return new RawHttp(node.socketAddress());
    }

    private long count(LimitId limit) {
        return node.transport.counters().getOrDefault(limit.counter(), 0L);
    }

    /** Checks that a peer is served over each of the transports of the socket. */
    private void assertServes() {
        for (String suffix : List.of("", "/ws")) {
            try (TestNode honest = new TestNode(2, KademliaConfig.builder().build(), (request, responder) -> {})) {
                Multiaddr address = Multiaddr.parse(node.address + suffix);
                CompletableFuture<ConnectionInfo> connected =
                        StartedTransports.connect(honest.transport, node.identity, address);
                assertThat(connected.join().remoteAddress()).isEqualTo(address);
                assertThat(connected.join().transport()).isEqualTo(suffix.isEmpty() ? "tcp" : "ws");
                await().untilAsserted(() -> assertThat(node.transport.connections())
                        .filteredOn(each -> each.peer().equals(honest.id()))
                        .isNotEmpty()
                        .allSatisfy(each -> assertThat(
                                        each.remoteAddress().toString().endsWith("/ws"))
                                .isEqualTo(!suffix.isEmpty())));
            }
        }
    }

    @Test
    void oneSocketServesBothTransportsAndRefusesTheRest() throws IOException {
        assertServes();
        for (byte[] first :
                new byte[][] {{0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3}, {'P', 'O', 'S', 'T'}, {0}, {(byte) 0xff}}) {
            try (RawHttp raw = raw()) {
                raw.send(first);
                assertThat(raw.awaitEnd()).isEmpty();
            }
        }
        assertServes();
    }

    @Test
    void anAddressIsListenedOnOnceByEachTransport() {
        assertThat(StartedTransports.listen(node.transport, node.address + "/ws"))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("in use");
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({
        "GET /, POST /, 400",
        "HTTP/1.1, HTTP/1.0, 400",
        "Host: node, Host: node\\nHost: i, 400",
        "Host: node, X: node, 400",
        "Upgrade: websocket, X: y, 426",
        "'keep-alive, Upgrade', close, 426",
        "Version: 13, Version: 8, 426",
        "Version: 13, Version: 13\\nContent-Length: 4, 400",
        "Version: 13, Version: 13\\nTransfer-Encoding: chunked, 400",
        "dGhlIHNhbXBsZSBub25jZQ==, dGhl, 400",
        "Sec-WebSocket-Key, X, 400",
        "Host: node, Host, 400"
    })
    void aRequestThatIsNoHandshakeIsAnsweredAndEnds(String part, String otherPart, int status) throws IOException {
        try (RawHttp raw = raw()) {
            raw.send(GOOD.replace(part, otherPart.replace("\\n", "\n")));
            if (!otherPart.startsWith("POST")) { // which is the first byte of no transport
                assertThat(raw.head()).startsWith("HTTP/1.1 " + status + " ");
            }
            raw.awaitEnd();
        }
        assertServes();
    }

    @Test
    void headersWithoutEndAreCutOff() throws IOException {
        try (RawHttp raw = raw()) {
            raw.send("GET / HTTP/1.1\n");
            try {
                for (int line = 0; line < 100_000; line++) {
                    raw.send("X-" + line + ": " + "y".repeat(100) + "\n");
                }
            } catch (IOException cutOff) {
                // as expected
            }
            raw.awaitEnd();
        }
        await().untilAsserted(() -> assertThat(count(LimitId.UPGRADE_BYTES)).isEqualTo(1));
        try (RawHttp raw = raw()) {
            raw.send("GET /" + "a".repeat(20_000));
            raw.awaitEnd();
        }
        await().untilAsserted(() -> assertThat(count(LimitId.UPGRADE_BYTES)).isEqualTo(2));
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({"''", "G", "GET / HTT", "GET / HTTP/1.1\\nHost: h\\n"})
    void aHandshakeThatStopsEndsInTime(String start) throws IOException {
        restart(KademliaConfig.builder().upgradeTimeout(Duration.ofMillis(500)));
        try (RawHttp raw = raw()) {
            raw.send(start.replace("\\n", "\n"));
            raw.awaitEnd();
        }
        await().untilAsserted(() -> assertThat(count(LimitId.UPGRADE_TIMEOUT)).isEqualTo(1));
        assertThat(node.transport.connections()).isEmpty();
    }

    @Test
    void aWebSocketWithoutLibp2pEndsInTimeWhateverTrickles() throws IOException {
        restart(KademliaConfig.builder().upgradeTimeout(Duration.ofSeconds(10)));
        try (RawHttp raw = raw().open()) {
            await().atMost(Duration.ofSeconds(40)).until(() -> {
                try {
                    raw.frame(0x02, new byte[0]);
                    raw.frame(0x80, new byte[0]);
                } catch (IOException closed) {
                    return true;
                }
                return false;
            });
        }
        await().untilAsserted(() -> assertThat(count(LimitId.UPGRADE_TIMEOUT)).isEqualTo(1));
    }

    @Test
    void manyHandshakesThatStopDoNotKeepOthersOut() throws IOException {
        restart(KademliaConfig.builder().maxPendingUpgrades(4).upgradeTimeout(Duration.ofMinutes(1)));
        List<RawHttp> stopped = new ArrayList<>();
        for (int number = 0; number < 32; number++) {
            RawHttp raw = raw();
            raw.send(number % 2 == 0 ? "GET / HTTP" : "");
            stopped.add(raw);
        }
        assertServes();
        for (RawHttp raw : stopped) {
            raw.close();
        }
        assertThat(count(LimitId.PENDING_UPGRADES)).isPositive();
    }

    @Test
    void pingsAreAnsweredAndAFloodOfThemEndsTheConnection() throws IOException {
        try (RawHttp raw = raw().open()) {
            assertThat(raw.readFrame()).endsWith('\n');
            raw.frame(0x89, new byte[] {1, 2, 3});
            assertThat(raw.readFrame()).containsExactly(0x8a, 1, 2, 3);
            try {
                for (int number = 0; number < 10_000; number++) {
                    raw.frame(number % 2 == 0 ? 0x89 : 0x8a, new byte[0]);
                }
            } catch (IOException cutOff) {
                // as expected
            }
            raw.awaitEnd();
        }
        assertServes();
    }

    @Test
    void aCloseIsAnswered() throws IOException {
        try (RawHttp raw = raw().open()) {
            assertThat(raw.readFrame()).endsWith('\n');
            raw.frame(0x88, new byte[] {3, (byte) 0xe8});
            assertThat(raw.readFrame()[0]).isEqualTo((byte) 0x88);
            assertThat(raw.awaitEnd()).isEmpty();
        }
    }

    @Test
    void libp2pGoesOnWhateverTheFramesInWhichItComes() throws IOException {
        try (RawHttp raw = raw().open()) {
            raw.frame(0x02, new byte[] {HEADER[0]});
            raw.frame(0x89, new byte[0]);
            for (int index = 1; index < HEADER.length; index++) {
                raw.frame(index == HEADER.length - 1 ? 0x80 : 0x00, new byte[] {HEADER[index]});
            }
            List<Byte> received = new ArrayList<>();
            while (received.size() < HEADER.length) {
                byte[] frame = raw.readFrame();
                if (frame[0] == (byte) 0x82) {
                    for (int index = 1; index < frame.length; index++) {
                        received.add(frame[index]);
                    }
                }
            }
            assertThat(received).startsWith(HEADER[0], HEADER[1]);
        }
    }

    @ParameterizedTest
    @CsvSource({"129", "194", "131", "128", "9"})
    void aFrameAgainstTheProtocolEndsTheConnection(int first) throws IOException {
        try (RawHttp raw = raw().open()) {
            raw.frame(first, new byte[] {1});
            raw.awaitEnd();
        }
        assertServes();
    }

    @Test
    void bytesBehindTheRequestAreNotTakenForAnotherOne() throws IOException {
        restart(KademliaConfig.builder().upgradeTimeout(Duration.ofSeconds(10)));
        try (RawHttp raw = raw()) {
            raw.send(GOOD + GOOD);
            raw.awaitEnd();
        }
        assertServes();
    }

    @Test
    void garbageInFramesIsBoundedBeforeAuthentication() throws IOException {
        try (RawHttp raw = raw().open()) {
            raw.frame(0x82, HEADER);
            try {
                for (int number = 0; number < 1000; number++) {
                    raw.frame(0x82, new byte[1000]);
                }
            } catch (IOException cutOff) {
                // as expected
            }
            raw.awaitEnd();
        }
        assertServes();
    }
}
