package io.kad.transport.netty.hostile;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What tests rely on of the peers that are made by hand, over each stack. */
@Timeout(180)
class HandMadeConnectionTest {

    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0");
    private static final String SINK = "/test/sink/1.0.0";
    private static final Duration AMPLE = Duration.ofSeconds(60);

    /** Several windows. */
    private static final int BYTES = 1 << 20;

    /** Agrees on one protocol, whose bytes it counts, and ends each stream of it with its last byte. */
    private static final class Sink implements HandMadeConnection.Receiver {

        private final byte[] proposal = HandMadePeer.proposal(SINK);
        private final CountDownLatch ended = new CountDownLatch(1);
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private HandMadeStream sink;

        @Override
        public void onBytes(HandMadeStream stream, byte[] bytes) throws IOException, GeneralSecurityException {
            if (sink == null && new String(bytes, StandardCharsets.ISO_8859_1).contains(SINK)) {
                sink = stream;
                stream.sendLater(proposal);
            }
            if (stream == sink) {
                received.writeBytes(bytes);
                if (received.size() == proposal.length + BYTES) {
                    stream.finish();
                }
            }
        }

        @Override
        public void onEnd(HandMadeStream stream) {
            if (stream == sink) {
                ended.countDown();
            }
        }
    }

    /** Last handler of the stream of the node. */
    private static final class Ignored extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the write fails
        }
    }

    private static InetSocketAddress listen(TestNode node, HandMadeStack stack) throws Exception {
        Multiaddr address = StartedTransports.listen(node.transport, stack.address(0))
                .get(60, SECONDS)
                .get(0);
        int port = Integer.parseInt(address.toString().split("/", -1)[4]);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** The dialer may have finished before the node refuses it. */
    @ParameterizedTest
    @EnumSource
    void aRefusalIsOneOfTheOtherSide(HandMadeStack stack) throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {})) {
            InetSocketAddress address = listen(node, stack);
            Throwable refused = catchThrowable(() -> {
                try (HandMadeConnection connection = stack.connect(node.identity, address)) {
                    assertThat(connection.endsWithin(60_000)).isTrue();
                }
            });
            if (refused != null) {
                assertThat(refused).isInstanceOf(RefusedByRemoteException.class);
            }
        }
    }

    @Test
    void silenceIsNoRefusal() throws Exception {
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) silent.getLocalSocketAddress();
            assertThatThrownBy(() -> HandMadeStack.QUIC.connect(new TestIdentity(10), address))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(RefusedByRemoteException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itsOwnEndIsNoneOfTheOtherSide(HandMadeStack stack) throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {})) {
            InetSocketAddress address = listen(node, stack);
            assertThat(endsByRemote(stack.connect(new TestIdentity(10), address), HandMadeConnection::close))
                    .isFalse();
            assertThat(endsByRemote(stack.connect(new TestIdentity(11), address), HandMadeConnection::reset))
                    .isFalse();
            HandMadeConnection reading = stack.connect(new TestIdentity(12), address);
            reading.receive((stream, bytes) -> {});
            assertThat(endsByRemote(reading, HandMadeConnection::close)).isFalse();
        }
    }

    /** Ends a connection on this side. */
    private interface End {
        void end(HandMadeConnection connection) throws IOException;
    }

    private static boolean endsByRemote(HandMadeConnection connection, End end) throws Exception {
        end.end(connection);
        return connection.endsWithin(60_000);
    }

    @Test
    void anUpgradeThatBreaksOnThisSideLeavesNoSocketOpen() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
            assertThatThrownBy(() -> new HandMadePeer(HandMadeStack.QUIC, new TestIdentity(10), address, 0))
                    .isInstanceOf(UnsupportedOperationException.class);
            try (Socket accepted = listener.accept()) {
                accepted.setSoTimeout(60_000);
                assertThat(accepted.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, true",
        "Sec-WebSocket-Accept:s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, true",
        "Sec-WebSocket-Key: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, false",
        "X-Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, false",
        "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=, false",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, false"
    })
    void aWebSocketIsAcceptedByTheHeaderThatAnswersItsKey(String header, boolean isAccepted) throws Exception {
        String answer = "HTTP/1.1 101 Switching Protocols\r\n" + header + "\r\n\r\n";
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket dialer = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket accepted = listener.accept()) {
            accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            Throwable refused = catchThrowable(() -> new HandMadeWebSocket(dialer).upgrade());
            if (isAccepted) {
                assertThat(refused).isNull();
            } else {
                assertThat(refused).isInstanceOf(IOException.class).hasMessageStartingWith("no upgrade");
            }
        }
    }

    /** The node opens streams before this side reads: each ends as soon as it is read. */
    @Test
    void aStreamThatEndsByWhatItReadsKeepsNoOtherFromBeingRead() throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {})) {
            TestIdentity identity = new TestIdentity(10);
            try (HandMadeQuic connection =
                    (HandMadeQuic) HandMadeStack.QUIC.connect(identity, listen(node, HandMadeStack.QUIC))) {
                await().atMost(AMPLE).until(() -> !node.transport.connections().isEmpty());
                for (int number = 0; number < 3; number++) {
                    node.transport.openStream(PeerInfo.of(identity.peerId(), List.of()), SINK, new Ignored(), AMPLE);
                }
                await().atMost(AMPLE).until(() -> connection.streamCount() >= 3);
                connection.receive((stream, bytes) -> stream.reset());
                await().atMost(AMPLE).until(() -> connection.streamCount() == 0);
                assertThat(connection.fault()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsReadIsGrantedAndAStreamThatHasEndedIsForgotten(HandMadeStack stack) throws Exception {
        try (TestNode node = new TestNode(1, CONFIG, (request, responder) -> {})) {
            TestIdentity identity = new TestIdentity(10);
            Sink sink = new Sink();
            try (HandMadeConnection connection = stack.connect(identity, listen(node, stack))) {
                connection.receive(sink);
                await().atMost(AMPLE).until(() -> !node.transport.connections().isEmpty());
                PeerInfo remote = PeerInfo.of(identity.peerId(), List.of());
                CompletableFuture<MuxedStream> opened = node.transport.openStream(remote, SINK, new Ignored(), AMPLE);
                ChannelFuture written = opened.get(60, SECONDS).writeAndFinish(Unpooled.wrappedBuffer(new byte[BYTES]));
                assertThat(written.await(60, SECONDS)).isTrue();
                assertThat(written.cause()).isNull();
                assertThat(sink.ended.await(60, SECONDS)).isTrue();
                assertThat(connection.fault()).isNull();
            }
        }
    }
}
