package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadResponse;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.WebCertificate;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Messages that begin and do not end. */
@Timeout(180)
class PartialMessagesTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final int CONNECTIONS = 4;
    private static final int STREAMS = 50;

    private final List<HandMadePeer> peers = new ArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private TestNode node;

    private static KademliaConfig.Builder config() {
        return KademliaConfig.of(KAD).toBuilder().messageTimeout(Duration.ofSeconds(2));
    }

    @BeforeEach
    void serve() {
        node = serve(config());
    }

    private TestNode serve(KademliaConfig.Builder config) {
        return new TestNode(1, config.build(), (request, responder) -> {
            served.incrementAndGet();
            responder.respond(new KadResponse.FindNode(List.of()));
        });
    }

    @AfterEach
    void end() throws Exception {
        for (HandMadePeer peer : peers) {
            peer.close();
        }
        node.close();
    }

    private static byte[] request() throws Exception {
        return Wire.framed(new KadCodec(KademliaConfig.of(KAD)).encode(TestNode.findNode(), Instant.now()));
    }

    @Test
    void halfSentRequestsEndInTimeWhateverTrickles() throws Exception {
        byte[] half = HandMadeNoise.join(HandMadePeer.proposal(KAD), new byte[] {100}, new byte[] {10});
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            HandMadePeer peer = new HandMadePeer(new TestIdentity(10 + connection), node.socketAddress());
            peers.add(peer);
            for (int stream = 0; stream < STREAMS; stream++) {
                peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, half));
            }
        }
        // The bytes that trickle are a whole message after 29 s
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    for (HandMadePeer peer : peers) {
                        for (int stream = 0; stream < STREAMS; stream++) {
                            peer.send(HandMadePeer.data(0, 2 * stream + 1, new byte[1]));
                        }
                    }
                    return node.transport.counters().get("limit-message-timeout") == CONNECTIONS * STREAMS;
                });
    }

    @Test
    void aRequestAfterAnIdleTimeIsServed() throws Exception {
        HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress());
        peers.add(peer);
        peer.send(HandMadePeer.data(HandMadePeer.SYN, 1, HandMadeNoise.join(HandMadePeer.proposal(KAD), request())));
        await().until(() -> served.get() == 1);
        awaitThreeSecondsWithoutBite();
        peer.send(HandMadePeer.data(0, 1, request()));
        await().until(() -> served.get() == 2);
        awaitThreeSecondsWithoutBite();
    }

    private void awaitThreeSecondsWithoutBite() {
        await().during(Duration.ofSeconds(3))
                .until(() -> node.transport.connections().size() == 1
                        && node.transport.counters().get("limit-message-timeout") == 0);
    }

    @Test
    void halfAMessageOfNoiseEndsItsConnectionInTimeWhateverTrickles() throws Exception {
        HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress());
        peers.add(peer);
        await().until(() -> node.transport.connections().size() == 1);
        peer.sendRaw(new byte[] {(byte) 0xff, (byte) 0xff});
        assertEndsInTime(() -> peer.sendRaw(new byte[1]));
    }

    @Test
    void halfARecordOfTheTlsOfAWebSocketEndsItsConnectionInTimeWhateverTrickles(@TempDir Path directory)
            throws Exception {
        WebCertificate certificate = WebCertificate.of(directory, "127.0.0.1");
        node.close();
        node = serve(config().wsCert(certificate.certificate().toString())
                .wsKey(certificate.key().toString()));
        StartedTransports.listen(node.transport, node.address + "/tls/ws").join();
        KademliaConfig trusting = KademliaConfig.builder()
                .wsTrust(certificate.certificate().toString())
                .build();
        try (Proxy proxy = new Proxy(node.socketAddress());
                TestNode dialer = new TestNode(2, trusting, (request, responder) -> responder.reset())) {
            Multiaddr address = Multiaddr.parse(proxy.address() + "/tls/ws");
            assertThat(StartedTransports.connect(dialer.transport, node.identity, address)
                            .join()
                            .transport())
                    .isEqualTo("wss");
            await().until(() -> node.transport.connections().size() == 1);
            proxy.silence();
            proxy.sendToTarget(new byte[] {23, 3, 3, 0x40, 0}); // a record of 16 KiB begins
            assertEndsInTime(() -> proxy.sendToTarget(new byte[1]));
        }
    }

    private interface Trickle {
        void send() throws IOException;
    }

    private void assertEndsInTime(Trickle trickle) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    try {
                        trickle.send();
                    } catch (IOException ended) {
                        // checked below
                    }
                    return node.transport.connections().isEmpty();
                });
        assertThat(node.transport.counters()).containsEntry("limit-message-timeout", 1L);
    }
}
