package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadResponse;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.wire.encoding.LengthPrefix;
import io.kad.wire.message.KadCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages that begin and do not end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PartialMessagesTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final int CONNECTIONS = 4;
    private static final int STREAMS = 50;

    private final List<HandMadePeer> peers = new ArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private TestNode node;

    @BeforeEach
    void serve() {
        KademliaConfig config = KademliaConfig.of(KAD).toBuilder()
                .messageTimeout(Duration.ofSeconds(2))
                .build();
        node = new TestNode(1, config, (request, responder) -> {
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
        return LengthPrefix.encode(new KadCodec(KademliaConfig.of(KAD)).encode(TestNode.findNode(), Instant.now()));
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
        await().atMost(Duration.ofSeconds(6))
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
        await().atMost(Duration.ofSeconds(6))
                .pollInterval(Duration.ofMillis(300))
                .until(() -> {
                    try {
                        peer.sendRaw(new byte[1]);
                    } catch (java.io.IOException ended) {
                        // checked below
                    }
                    return node.transport.connections().isEmpty();
                });
        assertThat(node.transport.counters()).containsEntry("limit-message-timeout", 1L);
    }
}
