package io.kad.transport.netty.hostile;

import static io.kad.transport.netty.hostile.HandMadePeer.DATA;
import static io.kad.transport.netty.hostile.HandMadePeer.FIN;
import static io.kad.transport.netty.hostile.HandMadePeer.RST;
import static io.kad.transport.netty.hostile.HandMadePeer.SYN;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.UnsignedVarint;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.identify.Identify;
import io.kad.transport.netty.support.Callbacks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.message.KadCodec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What other implementations want of identify, seen by a peer that reads and writes frames by hand. */
@Timeout(180)
class IdentifyStreamsTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final KademliaConfig CONFIG = KademliaConfig.of(KAD);
    private static final Duration AMPLE = Duration.ofSeconds(60);

    /** Streams of identify that the node has opened: all, and those that are open. */
    private final Set<Integer> seen = new HashSet<>();

    private final Set<Integer> open = new HashSet<>();

    private static String text(HandMadePeer.Frame frame) {
        return StandardCharsets.ISO_8859_1.decode(frame.payload().duplicate()).toString();
    }

    /** Returns the next frame; also counts the streams of identify. */
    private HandMadePeer.Frame receive(HandMadePeer peer) throws Exception {
        HandMadePeer.Frame frame = peer.receive();
        if (isProposal(frame) && text(frame).contains(Identify.PROTOCOL)) {
            seen.add(frame.stream());
            open.add(frame.stream());
        } else if ((frame.flags() & RST) != 0) {
            open.remove(frame.stream()); // an attempt whose time is up, on a machine that stood still
        }
        return frame;
    }

    private static boolean isProposal(HandMadePeer.Frame frame) {
        return frame.type() == DATA && (frame.flags() & SYN) != 0;
    }

    /** Opens a stream with the proposal of identify, and returns what the node sends on it until its end, without the agreement. */
    private byte[] ask(HandMadePeer peer, int stream) throws Exception {
        peer.send(HandMadePeer.data(SYN, stream, HandMadePeer.proposal(Identify.PROTOCOL)));
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        HandMadePeer.Frame frame;
        do {
            frame = receive(peer);
            if (frame.stream() == stream) {
                received.writeBytes(Bytes.copyOf(frame.payload()).toArray());
            }
        } while (frame.stream() != stream || (frame.flags() & FIN) == 0);
        byte[] agreement = HandMadePeer.proposal(Identify.PROTOCOL);
        assertThat(received.toByteArray()).startsWith(agreement);
        return Bytes.of(received.toByteArray())
                .slice(agreement.length, received.size())
                .toArray();
    }

    private static IdentifyMessage onlyMessage(byte[] answer) throws Exception {
        ByteBuffer received = ByteBuffer.wrap(answer);
        assertThat(UnsignedVarint.read(received)).isEqualTo(received.remaining());
        return IdentifyMessage.decode(Bytes.copyOf(received));
    }

    /** rust-libp2p reads the first message only; js-libp2p waits for the end, and wants a key and an observed address. */
    @Test
    void theAnswerIsOneMessageWithKeyAndObservedAddressAndThenTheEnd() throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {});
                HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress())) {
            IdentifyMessage message = onlyMessage(ask(peer, 1));
            assertThat(message.publicKey()).contains(node.identity.publicKey());
            assertThat(message.observedAddress().orElseThrow().toString()).startsWith("/ip4/127.0.0.1/tcp/");
            assertThat(message.protocols()).contains(Identify.PROTOCOL, Identify.PUSH_PROTOCOL, KAD);
        }
    }

    /** go-libp2p waits for identify before it opens any other stream. */
    @Test
    void identifyIsAnsweredWhileRequestsAreNot() throws Exception {
        int waiting = TransportLimits.MAX_REQUESTS_PER_CONNECTION;
        CountDownLatch requested = new CountDownLatch(waiting);
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> requested.countDown());
                HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress())) {
            byte[] request = Wire.framed(
                    new KadCodec(CONFIG).encode(new KadRequest.FindNode(Bytes.utf8("target")), Instant.EPOCH));
            for (int number = 0; number < waiting; number++) {
                peer.send(HandMadePeer.data(SYN, 2 * number + 1, Wire.join(HandMadePeer.proposal(KAD), request)));
            }
            assertThat(requested.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(onlyMessage(ask(peer, 2 * waiting + 1)).publicKey()).contains(node.identity.publicKey());
        }
    }

    /** js-libp2p serves one identify stream of a connection. */
    @Test
    void oneIdentifyStreamIsOpenHoweverManyAreInterested() throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {});
                HandMadePeer peer = new HandMadePeer(new TestIdentity(10), node.socketAddress())) {
            onlyMessage(ask(peer, 1)); // the connection is open
            PeerInfo remote = PeerInfo.of(new TestIdentity(10).peerId(), List.of());
            for (int number = 0; number < 3; number++) {
                node.transport.identify(remote, AMPLE, Callbacks.completing(new CompletableFuture<>()));
            }
            node.request(remote, TestNode.findNode(), AMPLE); // what the calls before cause leaves before it
            HandMadePeer.Frame frame;
            do {
                frame = receive(peer);
                assertThat(open).hasSizeLessThanOrEqualTo(1);
            } while (!isProposal(frame) || !text(frame).contains(KAD));
            assertThat(seen).as("streams of identify").isNotEmpty();
        }
    }
}
