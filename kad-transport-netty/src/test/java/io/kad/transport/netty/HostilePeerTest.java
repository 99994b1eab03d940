package io.kad.transport.netty;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.support.RawPeer;
import io.kad.transport.netty.support.RawStream;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Behavior towards malicious and faulty peers over real sockets; other peers must still be served. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostilePeerTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final String PING = "/ipfs/ping/1.0.0";
    /** No stream ends because of its age: a test that waits for an end has caused it. */
    private static final KademliaConfig CONFIG = KademliaConfig.of(KAD).toBuilder()
            .messageTimeout(Duration.ofMinutes(5))
            .streamIdleTimeout(Duration.ofMinutes(5))
            .build();

    private static final int MAX_MESSAGE = CONFIG.get(KademliaConfig.MAX_MESSAGE_BYTES);

    private final TestIdentity identity = new TestIdentity(1);
    private final KadCodec codec = new KadCodec(CONFIG);
    private final NettyTransport transport = new NettyTransport(identity, CONFIG, InstantSource.system());
    private InetSocketAddress address;
    private RawPeer peer;

    @BeforeEach
    void listen() {
        transport.start(new Echo());
        transport.serve(true);
        address = AddressPattern.TCP
                .socket(StartedTransports.bind(transport, "/ip4/127.0.0.1/tcp/0"))
                .orElseThrow();
        peer = new RawPeer(new TestIdentity(2), identity.peerId(), address);
    }

    @AfterEach
    void close() {
        peer.close();
        transport.close();
    }

    @Test
    void pipelinedRequestsGetResponsesInOrder() throws Exception {
        int count = 1000;
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int number = 0; number < count; number++) {
            requests.writeBytes(findNode(number));
        }
        RawStream stream = peer.open(KAD);
        stream.send(requests.toByteArray());
        await().until(() -> responses(stream).size() == count);
        List<byte[]> responses = responses(stream);
        for (int number = 0; number < count; number++) {
            assertThat(closestPeer(responses.get(number))).isEqualTo(peer(number));
        }
    }

    @Test
    void aHalfClosedRequestGetsAResponseAndThenAHalfClose() throws Exception {
        RawStream stream = peer.open(KAD);
        stream.send(findNode(7));
        stream.end();
        await().until(stream::inputEnded);
        assertThat(responses(stream)).hasSize(1);
    }

    @Test
    void aRequestReceivedByteByByteGetsAResponse() throws Exception {
        RawStream stream = peer.open(KAD);
        for (byte single : findNode(3)) {
            stream.send(new byte[] {single});
        }
        await().until(() -> responses(stream).size() == 1);
    }

    @Test
    void aMessageOverTheLimitResetsItsStreamOnly() throws Exception {
        RawStream stream = peer.open(KAD);
        stream.send(Arrays.copyOf(Wire.framed(new byte[MAX_MESSAGE + 1]), 1000));
        await().until(stream::isClosed);
        assertNextRequestIsServed();
    }

    @Test
    void incompleteLargeMessagesOnManyStreamsShareOneLimit() throws Exception {
        byte[] beginning = Arrays.copyOf(Wire.framed(new byte[MAX_MESSAGE]), MAX_MESSAGE - 1);
        List<RawStream> streams = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            RawStream stream = peer.open(KAD);
            stream.send(beginning);
            streams.add(stream);
        }
        await().until(() -> streams.stream().anyMatch(RawStream::isClosed));
        assertThat(streams.stream().filter(RawStream::isClosed).count()).isLessThan(4);
        assertNextRequestIsServed();
    }

    @Test
    void aMalformedRequestResetsItsStreamOnly() throws Exception {
        for (byte[] garbage : List.of(new byte[] {3, -1, -1, -1}, new byte[] {0}, new byte[] {2, 8, 99})) {
            RawStream stream = peer.open(KAD);
            stream.send(garbage);
            await().until(stream::isClosed);
        }
        assertNextRequestIsServed();
    }

    @Test
    void streamsOverTheLimitOfTheirProtocolAreReset() throws Exception {
        List<RawStream> streams = new ArrayList<>();
        for (int number = 0; number < TransportOptions.MAX_KAD_STREAMS.defaultValue(); number++) {
            streams.add(peer.open(KAD));
        }
        assertThatThrownBy(() -> peer.open(KAD)).hasMessageContaining("reset by the remote peer");
        assertThat(streams).noneMatch(RawStream::isClosed);
        streams.get(0).send(findNode(1));
        await().until(() -> responses(streams.get(0)).size() == 1);
    }

    @Test
    void eachCompletePingIsEchoedAndAnIncompleteOneIsNot() {
        RawStream stream = peer.open(PING);
        byte[] ping = new byte[40];
        new Random(5).nextBytes(ping);
        stream.send(ping);
        await().until(() -> stream.received().length == 32);
        stream.send(Arrays.copyOf(ping, 24));
        await().until(() -> stream.received().length == 64);
        stream.end();
        await().until(stream::inputEnded);
        assertThat(stream.received()).hasSize(64).startsWith(Arrays.copyOf(ping, 32));
    }

    @Test
    void garbageClosesItsConnectionAndOtherPeersAreServed() throws Exception {
        byte[] garbage = new byte[64 * 1024];
        new Random(6).nextBytes(garbage);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(20_000);
            try {
                socket.getOutputStream().write(garbage);
                while (socket.getInputStream().read() >= 0) {}
            } catch (IOException closed) {
                assertThat(closed).isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }
        assertNextRequestIsServed();
    }

    @Test
    void kadStreamsAreResetWhenServingStops() throws Exception {
        RawStream stream = peer.open(KAD);
        stream.send(findNode(1));
        await().until(() -> responses(stream).size() == 1);
        transport.serve(false);
        await().until(stream::isClosed);
        assertThat(peer.isConnected()).isTrue();
    }

    @Test
    void aPeerIsDialledByHostName() {
        TestIdentity other = new TestIdentity(3);
        try (NettyTransport dialler = new NettyTransport(other, CONFIG, InstantSource.system())) {
            dialler.start(new Echo());
            CompletableFuture<Duration> rtt = new CompletableFuture<>();
            Multiaddr named = Multiaddr.parse("/dns4/localhost/tcp/" + address.getPort());
            dialler.ping(PeerInfo.of(identity.peerId(), List.of(named)), Duration.ofSeconds(10), completing(rtt));
            assertThat(rtt.join()).isPositive();
        }
    }

    private void assertNextRequestIsServed() throws Exception {
        assertThat(peer.isConnected()).isTrue();
        RawStream stream = peer.open(KAD);
        stream.send(findNode(42));
        await().until(() -> responses(stream).size() == 1);
        assertThat(closestPeer(responses(stream).get(0))).isEqualTo(peer(42));
    }

    /** Returns a framed request whose target encodes {@code number}. */
    private byte[] findNode(int number) throws MessageTooLargeException {
        Bytes target = Bytes.of(ByteBuffer.allocate(4).putInt(number).array());
        return Wire.framed(codec.encode(new KadRequest.FindNode(target), Instant.now()));
    }

    private static PeerId peer(int number) {
        byte[] key = new byte[36];
        ByteBuffer.wrap(key).putInt(number);
        return PeerId.fromPublicKey(Bytes.of(key));
    }

    /** Returns the closest peer in a response. */
    private PeerId closestPeer(byte[] message) throws Exception {
        KadRequest request = new KadRequest.FindNode(Bytes.utf8("any"));
        KadResponse response = codec.decodeResponse(ByteBuffer.wrap(message), request, Instant.now());
        return ((KadResponse.FindNode) response).closerPeers().get(0).id();
    }

    private static List<byte[]> responses(RawStream stream) {
        ByteBuffer in = ByteBuffer.wrap(stream.received());
        List<byte[]> responses = new ArrayList<>();
        while (in.hasRemaining()) {
            int size = in.get();
            assertThat(size).as("length of a small response").isPositive();
            if (in.remaining() < size) {
                break;
            }
            byte[] response = new byte[size];
            in.get(response);
            responses.add(response);
        }
        return responses;
    }

    /** Handler that responds to each request with the peer that its target encodes. */
    private static final class Echo implements TransportHandler {

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            Bytes target = ((KadRequest.FindNode) request.request()).target();
            PeerId peer = peer(target.asReadOnlyBuffer().getInt());
            responder.respond(new KadResponse.FindNode(List.of(PeerInfo.of(peer, List.of()))));
        }

        @Override
        public void onEvent(TransportEvent event) {}
    }
}
