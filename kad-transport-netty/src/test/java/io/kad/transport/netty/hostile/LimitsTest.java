package io.kad.transport.netty.hostile;

import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.message.KadCodec;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A hostile peer crosses each limit that a remote peer can reach over a socket; it is counted, and an honest peer is served. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LimitsTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final String PING = "/ipfs/ping/1.0.0";
    private static final String PUSH = "/ipfs/id/push/1.0.0";
    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("large"));
    private static final Duration SHORT = Duration.ofSeconds(1);

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Act of a hostile peer. */
    interface Attack {
        void run(HandMadePeer peer) throws Exception;
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private static Arguments attack(LimitId limit, UnaryOperator<KademliaConfig.Builder> config, Attack attack) {
        return Arguments.of(limit, config, attack);
    }

    static Stream<Arguments> attacks() {
        return Stream.concat(attacksWithStreams(), attacksWithBytes());
    }

    private static Stream<Arguments> attacksWithStreams() {
        return Stream.of(
                attack(LimitId.NEGOTIATION, config -> config, LimitsTest::proposeMuch),
                attack(
                        LimitId.NEGOTIATION_TIMEOUT,
                        config -> config.negotiationTimeout(SHORT),
                        peer -> open(peer, 1, HandMadePeer.message("/multistream/1.0.0"))),
                attack(
                        LimitId.INBOUND_STREAMS,
                        config -> config.maxInboundStreams(8),
                        peer -> open(peer, 9, new byte[0])),
                attack(
                        LimitId.KAD_STREAMS,
                        config -> config.maxKadStreams(2),
                        peer -> open(peer, 3, HandMadePeer.proposal(KAD))),
                attack(LimitId.SERVICE_STREAMS, config -> config, peer -> open(peer, 3, HandMadePeer.proposal(PING))),
                attack(
                        LimitId.REQUESTS_PER_MINUTE,
                        config -> config.maxRequestsPerMinute(2),
                        peer -> open(peer, 3, request(TestNode.findNode()))),
                attack(
                        LimitId.STORED_RECORDS_PER_MINUTE,
                        config -> config.maxStoredRecordsPerMinute(2),
                        peer -> open(peer, 3, request(new KadRequest.PutValue(Record.of(KEY, Bytes.utf8("value")))))),
                attack(
                        LimitId.STORED_PROVIDERS_PER_MINUTE,
                        config -> config.maxStoredProvidersPerMinute(2),
                        peer -> open(peer, 3, request(announcement()))),
                attack(
                        LimitId.PUSHES_PER_MINUTE,
                        config -> config.maxPushesPerMinute(2),
                        peer -> open(peer, 3, HandMadePeer.proposal(PUSH))),
                attack(
                        LimitId.IDENTIFY,
                        config -> config,
                        peer -> open(
                                peer, 1, HandMadeNoise.join(HandMadePeer.proposal(PUSH), Wire.framed(new byte[9000])))),
                attack(
                        LimitId.STREAM_RESETS_PER_MINUTE,
                        config -> config.maxStreamResetsPerMinute(16),
                        LimitsTest::openAndReset),
                attack(LimitId.CONTROL_FRAMES, config -> config.maxControlFrames(16), LimitsTest::pingWithoutReading),
                attack(
                        LimitId.STREAM_IDLE_TIMEOUT,
                        config -> config.streamIdleTimeout(SHORT),
                        peer -> open(peer, 1, HandMadePeer.proposal(KAD))));
    }

    private static Stream<Arguments> attacksWithBytes() {
        return Stream.of(
                attack(
                        LimitId.MESSAGE_TIMEOUT,
                        config -> config.messageTimeout(SHORT),
                        peer -> open(peer, 1, half(100))),
                attack(
                        LimitId.MESSAGE_BYTES,
                        config -> config.maxMessageBytes(100_000),
                        peer -> open(peer, 1, half(100_001))),
                attack(
                        LimitId.CONNECTION_RECEIVE_BYTES,
                        config -> config.maxMessageBytes(300_000).maxConnectionReceiveBytes(100_000),
                        peer -> open(peer, 10, half(290_000))),
                attack(LimitId.CONNECTION_SEND_BYTES, config -> config, peer -> open(peer, 4, getValue())),
                attack(LimitId.WRITE_TIMEOUT, config -> config.writeTimeout(SHORT), peer -> open(peer, 1, getValue())));
    }

    private static void open(HandMadePeer peer, int streams, byte[] bytes) throws Exception {
        for (int stream = 0; stream < streams; stream++) {
            peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, bytes));
        }
    }

    private static byte[] half(int length) {
        byte[] half = Arrays.copyOf(Wire.framed(new byte[length]), Math.min(length / 2, 200_000));
        return HandMadeNoise.join(HandMadePeer.proposal(KAD), half);
    }

    private static byte[] getValue() throws Exception {
        return request(new KadRequest.GetValue(KEY));
    }

    private static KadRequest announcement() {
        return new KadRequest.AddProvider(KEY, List.of(PeerInfo.of(new TestIdentity(10).peerId(), List.of())));
    }

    private static byte[] request(KadRequest request) throws Exception {
        byte[] message = new KadCodec(KademliaConfig.of(KAD)).encode(request, Instant.now());
        return HandMadeNoise.join(HandMadePeer.proposal(KAD), Wire.framed(message));
    }

    private static void proposeMuch(HandMadePeer peer) throws Exception {
        byte[] proposals = HandMadePeer.message("/multistream/1.0.0");
        for (int number = 0; number < 17; number++) {
            proposals = HandMadeNoise.join(proposals, HandMadePeer.message("/unknown/" + number));
        }
        open(peer, 1, proposals);
    }

    private static void openAndReset(HandMadePeer peer) throws Exception {
        for (int stream = 0; stream < 17; stream++) {
            peer.send(HandMadePeer.data(HandMadePeer.SYN, 2 * stream + 1, new byte[0]));
            peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, 2 * stream + 1, 0));
        }
    }

    private static void pingWithoutReading(HandMadePeer peer) throws Exception {
        open(peer, 60, getValue());
        for (int number = 0; number < 1_000_000; number++) {
            peer.send(HandMadePeer.frame(HandMadePeer.PING, HandMadePeer.SYN, 0, number));
        }
    }

    private TestNode serve(KademliaConfig config) {
        Record record = Record.of(KEY, Bytes.of(new byte[3_000_000]));
        TestNode node = new TestNode(
                1,
                config,
                (request, responder) -> responder.respond(
                        request.request() instanceof KadRequest.GetValue
                                ? new KadResponse.GetValue(Optional.of(record), List.of())
                                : new KadResponse.FindNode(List.of())));
        open.add(node);
        return node;
    }

    private void assertCountedAndServing(TestNode node, LimitId limit) throws Exception {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> node.transport.counters().get(limit.counter()) > 0);
        TestNode honest = new TestNode(2, KademliaConfig.of(KAD), (request, responder) -> {});
        open.add(honest);
        honest.request(node.info(), TestNode.findNode(), Duration.ofSeconds(30)).get();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void aLimitOfAConnectionIsCounted(LimitId limit, UnaryOperator<KademliaConfig.Builder> config, Attack attack)
            throws Exception {
        TestNode node = serve(config.apply(KademliaConfig.of(KAD).toBuilder()).build());
        HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress(), 4096);
        open.add(peer);
        try {
            attack.run(peer);
        } catch (IOException ended) {
            // the node may close the connection before all is sent
        }
        assertCountedAndServing(node, limit);
    }

    @Test
    void anIdleConnectionIsCounted() throws Exception {
        TestNode node = serve(
                KademliaConfig.of(KAD).toBuilder().idleConnectionTimeout(SHORT).build());
        HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress());
        open.add(peer);
        for (HandMadePeer.Frame frame = peer.receive();
                frame.type() == HandMadePeer.PING || (frame.flags() & HandMadePeer.SYN) == 0;
                frame = peer.receive()) {
            // until the stream of identify
        }
        peer.send(HandMadePeer.frame(HandMadePeer.WINDOW_UPDATE, HandMadePeer.RST, 2, 0));
        assertCountedAndServing(node, LimitId.IDLE_CONNECTION_TIMEOUT);
    }

    @Test
    void anOverlongHandshakeMessageIsCounted() throws Exception {
        TestNode node = serve(KademliaConfig.of(KAD));
        Socket socket = new Socket(
                node.socketAddress().getAddress(), node.socketAddress().getPort());
        open.add(socket);
        byte[] length = {(byte) 0xff, (byte) 0xff};
        socket.getOutputStream()
                .write(HandMadeNoise.join(
                        HandMadePeer.message("/multistream/1.0.0"), HandMadePeer.message("/noise"), length));
        assertCountedAndServing(node, LimitId.HANDSHAKE);
    }

    @Test
    void aConnectionThatNeverFinishesItsUpgradeIsCounted() throws Exception {
        TestNode node = serve(KademliaConfig.of(KAD).toBuilder()
                .upgradeTimeout(Duration.ofSeconds(20)) // of the honest peer too
                .maxPendingUpgrades(2)
                .build());
        for (int number = 0; number < 3; number++) {
            open.add(new Socket(
                    node.socketAddress().getAddress(), node.socketAddress().getPort()));
        }
        await().until(() -> node.transport.counters().get(LimitId.PENDING_UPGRADES.counter()) == 1);
        assertCountedAndServing(node, LimitId.UPGRADE_TIMEOUT);
    }
}
