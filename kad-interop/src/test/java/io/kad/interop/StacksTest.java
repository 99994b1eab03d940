package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.kad.transport.netty.support.WebCertificate;
import io.kad.wire.key.KeyType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What crosses TLS, WebSocket, WebSocket in TLS, and QUIC between a kad peer and one of another implementation, whoever has dialled. */
@ParameterizedClass
@MethodSource("rows")
@Timeout(240)
class StacksTest {

    /** More than the 32 streams of the Kademlia protocol that a rust or js peer serves on a connection. */
    private static final int AT_ONCE = 100;

    @RegisterExtension
    static final Peers peers = new Peers();

    private static WebCertificate certificate;
    private static KadPeer kad;
    private static LibraryPeer other;

    @Parameter(0)
    Implementation implementation;

    @Parameter(1)
    Stack stack;

    @Parameter(2)
    boolean kadDials;

    /** What carries the connections; kad offers Noise and TLS, the other only this one. */
    enum Stack {
        TLS("/ip4/127.0.0.1/tcp/0", "tcp", "tls", "yamux"),
        WS("/ip4/127.0.0.1/tcp/0/ws", "ws", "noise", "yamux"),
        /** WebSocket in TLS. All peers have one certificate, which nobody but themselves has signed, and trust it. */
        WSS("/ip4/127.0.0.1/tcp/0/tls/ws", "wss", "noise", "yamux"),
        QUIC("/ip4/127.0.0.1/udp/0/quic-v1", "quic", "tls", "quic");

        private final String listen;
        private final String transport;
        private final String security;
        private final String muxer;

        Stack(String listen, String transport, String security, String muxer) {
            this.listen = listen;
            this.transport = transport;
            this.security = security;
            this.muxer = muxer;
        }

        /** Returns the options of a peer of another implementation. */
        List<String> options() {
            List<String> options = new ArrayList<>(List.of("--stack", name().toLowerCase(Locale.ROOT)));
            options.addAll(certificateOptions());
            return options;
        }

        KadPeer kad() {
            Map<String, String> trust =
                    this == WSS ? Map.of("ws-trust", certificate.certificate().toString()) : Map.of();
            return peers.kadAt(listen, trust, certificateOptions().toArray(String[]::new));
        }

        private List<String> certificateOptions() {
            return this == WSS
                    ? List.of(
                            "--ws-cert", certificate.certificate().toString(),
                            "--ws-key", certificate.key().toString())
                    : List.of();
        }
    }

    static Stream<Arguments> rows() {
        return Stream.of(Implementation.values())
                .flatMap(implementation -> Stream.of(Stack.values())
                        .flatMap(stack ->
                                Stream.of(true, false).map(kadDials -> Arguments.of(implementation, stack, kadDials))));
    }

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) {
        certificate = WebCertificate.of(directory, "127.0.0.1");
    }

    @BeforeParameterizedClassInvocation
    static void join(Implementation implementation, Stack stack, boolean kadDials) {
        implementation.requireBuilt();
        kad = stack.kad();
        other = peers.of(implementation, stack.options().toArray(String[]::new));
        List<PeerProcess> both = new ArrayList<>(List.of(other, kad));
        if (!kadDials) {
            Collections.reverse(both);
        }
        // the second connects to the first
        Peers.connectAll(both.toArray(PeerProcess[]::new));
    }

    @AfterParameterizedClassInvocation
    static void leave() {
        peers.endAll();
    }

    @Test
    void theConnectionIsOfThisStackAndOfTheOneWhoDialled() {
        List<JsonNode> toOther = new ArrayList<>();
        for (JsonNode connection : kad.run("connections").last().path("connections")) {
            if (connection.path("peerId").asText().equals(other.peerId())) {
                toOther.add(connection);
            }
        }
        assertThat(toOther).isNotEmpty().allSatisfy(connection -> {
            assertThat(connection.path("security").asText()).isEqualTo(stack.security);
            assertThat(connection.path("muxer").asText()).isEqualTo(stack.muxer);
            assertThat(connection.path("transport").asText()).isEqualTo(stack.transport);
        });
        assertThat(toOther)
                .extracting(connection -> connection.path("direction").asText())
                .contains(kadDials ? "outbound" : "inbound");
    }

    @Test
    void eachPingsAndIdentifiesTheOther() {
        assertThat(kad.run("ping " + other.address()).last().path("rttMillis").asDouble())
                .isPositive();
        assertThat(other.run("ping " + kad.address()).last().path("rttMillis").isNumber())
                .as("js counts whole milliseconds")
                .isTrue();
        Answer identified = kad.run("identify " + other.address());
        assertThat(identified.texts("protocols")).contains(Peers.PROTOCOL);
        assertThat(Answer.addresses(identified.last())).contains(other.socketAddress());
        JsonNode seen = other.event(
                "peer-identified", line -> line.path("peerId").asText().equals(kad.peerId()));
        assertThat(Answer.addresses(seen)).contains(kad.socketAddress());
    }

    @Test
    void eachFindsTheClosestPeers() {
        assertThat(kad.run("closest-peers /app/target").peerIds()).containsExactly(other.peerId());
        assertThat(other.run("closest-peers /app/target").peerIds()).containsExactly(kad.peerId());
    }

    @Test
    void recordsCrossBothWays() {
        assertThat(kad.run("put /app/of-kad 'from kad'").number("stored")).isEqualTo(1);
        assertThat(other.run("get /app/of-kad").text("text")).isEqualTo("from kad");
        other.run("put /app/of-the-other 'from the other'");
        assertThat(kad.run("get /app/of-the-other --quorum one").text("text")).isEqualTo("from the other");
    }

    @Test
    void eachFindsWhatTheOtherProvides() {
        String ofKad = Keys.cidOf("of kad");
        assertThat(kad.run("provide " + ofKad).number("announced")).isEqualTo(1);
        awaitFinds(other, ofKad, kad);
        String ofOther = Keys.cidOf("of the other");
        other.run("provide " + ofOther);
        awaitFinds(kad, ofOther, other);
    }

    /** Waits until a peer finds a provider: nothing says when the other has stored what it was told. */
    private static void awaitFinds(PeerProcess asker, String cid, PeerProcess provider) {
        await().atMost(PeerProcess.PATIENCE)
                .untilAsserted(() ->
                        assertThat(asker.run("find-providers " + cid).peerIds()).containsExactly(provider.peerId()));
    }

    @Test
    void manyRequestsAtOnceAreAllAnswered() {
        for (PeerProcess asker : List.of(kad, other)) {
            List<CompletableFuture<Answer>> sent = IntStream.range(0, asker == kad ? AT_ONCE : AT_ONCE / 5)
                    .mapToObj(number -> asker.send("closest-peers /app/target-" + number))
                    .toList();
            assertThat(sent.stream().map(answer -> asker.within(PeerProcess.PATIENCE, "one of many", answer)))
                    .filteredOn(answer -> !answer.ok())
                    .isEmpty();
        }
    }

    @Test
    void keysOfOtherTypesAreRead(@TempDir Path directory) throws Exception {
        for (KeyType type : implementation.keyTypes()) {
            List<String> options = new ArrayList<>(implementation.keyOptions(type, directory));
            options.add("--client");
            options.addAll(stack.options());
            LibraryPeer peer = peers.of(implementation, options.toArray(String[]::new));
            Answer identified = kad.run("identify " + peer.address());
            assertThat(identified.text("peerId")).as(type.toString()).isEqualTo(peer.peerId());
            peer.run("stop");
        }
    }
}
