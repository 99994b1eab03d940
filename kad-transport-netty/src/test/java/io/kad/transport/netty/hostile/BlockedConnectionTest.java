package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.Responder;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that send while they do not read. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BlockedConnectionTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final KademliaConfig CONFIG = KademliaConfig.of(KAD);
    private static final int WINDOW = 256 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("large"));

    private final List<HandMadePeer> peers = new ArrayList<>();
    private final List<Responder> taken = new CopyOnWriteArrayList<>();

    @AfterEach
    void end() throws IOException {
        for (HandMadePeer peer : peers) {
            peer.close();
        }
    }

    private static TestNode node(KademliaConfig config) {
        Record record = Record.of(KEY, Bytes.of(new byte[3_000_000]));
        return new TestNode(
                1,
                config,
                (request, responder) -> responder.respond(new KadResponse.GetValue(Optional.of(record), List.of())));
    }

    private static byte[] request() throws Exception {
        return Wire.framed(new KadCodec(CONFIG).encode(new KadRequest.GetValue(KEY), Instant.now()));
    }

    /** Returns a peer whose streams wait for responses that it does not read. */
    private HandMadePeer blocked(TestNode node, int number, int streams) throws Exception {
        HandMadePeer peer = new HandMadePeer(new TestIdentity(number), node.socketAddress(), 4096);
        peers.add(peer);
        byte[] requests = HandMadeNoise.join(HandMadePeer.proposal(KAD), request(), request());
        byte[] frames = {};
        for (int stream = 0; stream < streams; stream++) {
            frames = HandMadeNoise.join(frames, HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, requests));
        }
        peer.send(frames); // at once: the connection may end soon after the first of them
        return peer;
    }

    private static long writeTimeouts(TestNode node) {
        return node.transport.counters().get("limit-write-timeout");
    }

    @Test
    void dataBeyondTheWindowEndsTheConnectionWhileResponsesAreBlocked() throws Exception {
        try (TestNode node = node(CONFIG)) {
            HandMadePeer peer = blocked(node, 10, 8);
            for (int sent = 0; sent <= WINDOW; sent += 16 * 1024) {
                peer.send(HandMadePeer.data(0, 1, new byte[16 * 1024]));
            }
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> node.transport.connections().isEmpty());
            assertThat(node.transport.counters()).containsEntry("limit-write-timeout", 0L);
        }
    }

    @Test
    void aPeerThatDoesNotReadIsDropped() throws Exception {
        KademliaConfig config =
                CONFIG.toBuilder().writeTimeout(Duration.ofSeconds(2)).build();
        try (TestNode node = node(config)) {
            blocked(node, 10, 8);
            await().atMost(Duration.ofSeconds(40)).until(() -> writeTimeouts(node) == 1);
            await().until(() -> node.transport.connections().isEmpty());
        }
    }

    /** It reads from the socket, but grants no credit, or a byte at a time. */
    @Test
    void aPeerThatGrantsNextToNothingIsDropped() throws Exception {
        KademliaConfig config =
                CONFIG.toBuilder().writeTimeout(Duration.ofSeconds(2)).build();
        try (TestNode node = node(config)) {
            HandMadePeer peer = blocked(node, 10, 1);
            Thread reader = new Thread(() -> {
                try {
                    peer.endsWithin(30_000);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            reader.start();
            await().atMost(Duration.ofSeconds(25)) // the reader reads for longer
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        try {
                            peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, 0, 1, 1));
                        } catch (IOException ended) {
                            // checked below
                        }
                        return writeTimeouts(node) == 1;
                    });
            await().until(() -> node.transport.connections().isEmpty());
        }
    }

    @Test
    void dataThatPilesUpMeanwhileIsBounded() throws Exception {
        // Two thirds of the default: the peers of the test in this process need memory too
        KademliaConfig config = CONFIG.toBuilder().maxReceiveBytes(8 << 20).build();
        try (TestNode node = node(config);
                TestNode honest = new TestNode(2, CONFIG, (request, responder) -> {})) {
            honest.request(node.info(), new KadRequest.GetValue(KEY), PATIENCE).get();
            // The pools of buffers grow with the first data that waits, and stay
            pileUp(node, 9).close();
            await().until(() -> node.transport.connections().size() == 1);
            long before = Memory.used();
            for (int number = 0; number < 8; number++) {
                pileUp(node, 10 + number);
            }
            honest.request(node.info(), new KadRequest.GetValue(KEY), PATIENCE).get();
            assertThat((Memory.used() - before) / Memory.MIB)
                    .as("growth in MiB")
                    .isLessThan(32);
            assertThat(node.transport.counters().get("limit-receive-bytes")
                            + node.transport.counters().get("limit-connection-receive-bytes")
                            + node.transport.counters().get("limit-send-bytes"))
                    .isPositive();
        }
    }

    /** Sends almost the whole window of each stream of a connection on which responses are blocked, or less if that is closed. */
    private HandMadePeer pileUp(TestNode node, int number) throws Exception {
        HandMadePeer peer = blocked(node, number, 60);
        try {
            for (int at = 0; at < 240 * 1024; at += 16 * 1024) {
                for (int stream = 0; stream < 60; stream++) {
                    peer.send(HandMadePeer.data(0, 2 * stream + 1, new byte[16 * 1024]));
                }
            }
        } catch (IOException ended) {
            // it was closed for what it held
        }
        return peer;
    }

    @Test
    void requestsThatWaitAreNotTakenUpAfterTheResetOfTheirStream() throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> taken.add(responder))) {
            HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress());
            peers.add(peer);
            peer.send(
                    HandMadePeer.data(HandMadePeer.SYN, 1, HandMadeNoise.join(HandMadePeer.proposal(KAD), request())));
            await().until(() -> taken.size() == 1);
            for (int number = 0; number < 50; number++) {
                peer.send(HandMadePeer.data(0, 1, request()));
            }
            peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, 1, 0));
            peer.send(
                    HandMadePeer.data(HandMadePeer.SYN, 3, HandMadeNoise.join(HandMadePeer.proposal(KAD), request())));
            await().until(() -> taken.size() == 2); // all that was sent before has arrived
            taken.get(0).respond(new KadResponse.GetValue(Optional.empty(), List.of()));
            await().during(Duration.ofMillis(500)).until(() -> taken.size() == 2);
        }
    }
}
