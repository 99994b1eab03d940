package io.kad.transport.netty.roundtrip;

import static io.kad.transport.netty.support.Callbacks.completing;
import static io.kad.transport.netty.support.StartedTransports.listen;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.StreamProtocol;
import io.kad.transport.netty.limit.NodeBudgets;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.support.Closing;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.transport.AddressPattern;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Round trips from the first byte of a dialer to the first response, between two transports, through a {@link Relay}. */
@Timeout(180)
class RoundTripsTest {

    private static final String ECHO = "/test/echo/1.0.0";
    private static final TestIdentity DIALER = new TestIdentity(1);
    private static final TestIdentity LISTENER = new TestIdentity(2);
    private static final AddressPattern QUIC_ADDRESSES =
            new AddressPattern(MultiaddrProtocol.UDP, MultiaddrProtocol.QUIC_V1);
    private static final int ATTEMPTS = 5;
    private static final Duration AMPLE = Duration.ofSeconds(60);

    /** What carries the connection. */
    enum Stack {
        NOISE("noise", "/ip4/127.0.0.1/tcp/0"),
        TLS("tls", "/ip4/127.0.0.1/tcp/0"),
        QUIC("noise", "/ip4/127.0.0.1/udp/0/quic-v1");

        private final String security;
        private final String listen;

        Stack(String security, String listen) {
            this.security = security;
            this.listen = listen;
        }

        KademliaConfig config() {
            return KademliaConfig.of("/test/kad/1.0.0").toBuilder()
                    .set(TransportOptions.SECURITY.name(), security)
                    .upgradeTimeout(AMPLE)
                    .negotiationTimeout(AMPLE)
                    .build();
        }

        Relay relay(Multiaddr listener) throws IOException {
            return this == QUIC
                    ? new UdpRelay(QUIC_ADDRESSES.socket(listener).orElseThrow())
                    : new TcpRelay(AddressPattern.TCP.socket(listener).orElseThrow());
        }
    }

    private final BlockingQueue<String> reachedListener = new LinkedBlockingQueue<>();
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private NettyTransport dialer;
    private Relay relay;

    private void start(Stack stack) throws Exception {
        NettyTransport listener = new NettyTransport(
                LISTENER,
                stack.config(),
                InstantSource.system(),
                NodeBudgets.of(stack.config()),
                List.of(new EchoProtocol()));
        started.push(listener);
        listener.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                reachedListener.add("request");
                responder.respond(new KadResponse.FindNode(List.of()));
            }

            @Override
            public void onEvent(TransportEvent event) {}
        });
        listener.serve(true);
        relay = stack.relay(listen(listener, stack.listen).get(60, SECONDS).get(0));
        started.push(relay);
        dialer = new NettyTransport(DIALER, stack.config(), InstantSource.system());
        started.push(dialer);
        dialer.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                responder.reset();
            }

            @Override
            public void onEvent(TransportEvent event) {
                if (event instanceof TransportEvent.ConnectionOpened) {
                    relay.onDialerConnected();
                }
            }
        });
    }

    /** Closes what was started, the last first: also after a start that has failed. */
    @AfterEach
    void stop() {
        List<AutoCloseable> open = List.copyOf(started);
        started.clear();
        Closing.all(open);
    }

    private PeerInfo remote() {
        return PeerInfo.of(LISTENER.peerId(), List.of(relay.address()));
    }

    private CompletableFuture<KadResponse> request() {
        CompletableFuture<KadResponse> response = new CompletableFuture<>();
        dialer.request(remote(), new KadRequest.FindNode(Bytes.utf8("target")), AMPLE, completing(response));
        return response;
    }

    /** Waits until something has reached the listener, while the dialer gets nothing that the listener sends. */
    private void awaitReachedWhileHeld(String what) throws Exception {
        assertThat(reachedListener.poll(60, SECONDS)).isEqualTo(what);
        assertThat(relay.answers().isClosed()).isTrue();
    }

    private void connect(Stack stack) throws Exception {
        start(stack);
        CompletableFuture<KadResponse> response = request();
        awaitReachedWhileHeld("request");
        relay.answers().open();
        response.get(60, SECONDS);
    }

    /**
     * Over TCP that is accepted at once: one round trip for the security protocol, one for its handshake, and one for the request, which follows the
     * handshake. Over QUIC: one for the handshake, and one for the request. The relay lets the dialer have the answers to the flights before.
     */
    @ParameterizedTest
    @EnumSource
    void theFirstResponseTakesThreeRoundTripsOverTcpAndTwoOverQuic(Stack stack) throws Exception {
        start(stack);
        CompletableFuture<KadResponse> response = request();
        awaitReachedWhileHeld("request");
        assertThat(response).isNotDone();
        relay.answers().open();
        assertThat(response.get(60, SECONDS)).isInstanceOf(KadResponse.FindNode.class);
    }

    /**
     * Identify is given up after some seconds, as the relay holds its answer. A request that waited for it would come then, in each attempt. One that
     * does not wait finds it pending, unless the machine stood still meanwhile.
     */
    @ParameterizedTest
    @EnumSource
    void theFirstRequestWaitsForNoIdentify(Stack stack) throws Exception {
        boolean isPending = false;
        for (int attempt = 0; attempt < ATTEMPTS && !isPending; attempt++) {
            if (attempt > 0) {
                stop();
            }
            start(stack);
            request();
            awaitReachedWhileHeld("request");
            isPending = isIdentifyPending();
        }
        assertThat(isPending).isTrue();
    }

    private boolean isIdentifyPending() throws Exception {
        CompletableFuture<PeerIdentification> identified = new CompletableFuture<>();
        dialer.identify(remote(), AMPLE, completing(identified));
        request(); // it follows on the same event loop
        awaitReachedWhileHeld("request");
        return !identified.isDone();
    }

    @ParameterizedTest
    @EnumSource
    void aResponseOnAKnownConnectionTakesOneRoundTripOnAnOldStreamAndOnANewOne(Stack stack) throws Exception {
        connect(stack);
        relay.answers().close();
        CompletableFuture<KadResponse> onTheIdleStream = request();
        awaitReachedWhileHeld("request");
        CompletableFuture<KadResponse> onANewStream = request();
        awaitReachedWhileHeld("request");
        assertThat(List.of(onTheIdleStream, onANewStream)).noneMatch(CompletableFuture::isDone);
        relay.answers().open();
        onTheIdleStream.get(60, SECONDS);
        onANewStream.get(60, SECONDS);
    }

    /** The application gets its stream once both peers have agreed, which is a round trip of its own. */
    @ParameterizedTest
    @EnumSource
    void aStreamOfTheApplicationTakesOneRoundTripToAgreeAndOneForItsBytes(Stack stack) throws Exception {
        connect(stack);
        relay.answers().close();
        CompletableFuture<String> echo = new CompletableFuture<>();
        CompletableFuture<MuxedStream> opened = dialer.openStream(remote(), ECHO, new EchoReader(echo), AMPLE);
        awaitReachedWhileHeld("stream");
        assertThat(opened).isNotDone();
        relay.answers().open();
        MuxedStream stream = opened.get(60, SECONDS);
        relay.answers().close();
        stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'x'}));
        awaitReachedWhileHeld("bytes");
        assertThat(echo).isNotDone();
        relay.answers().open();
        assertThat(echo.get(60, SECONDS)).isEqualTo("x");
    }

    private final class EchoProtocol implements StreamProtocol {

        @Override
        public String id() {
            return ECHO;
        }

        @Override
        public int maxInboundStreams() {
            return 32;
        }

        @Override
        public ChannelHandler handler(PeerId remote) {
            reachedListener.add("stream");
            return new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    reachedListener.add("bytes");
                    ctx.writeAndFlush(message);
                }

                @Override
                public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                    ctx.close();
                }
            };
        }
    }

    private static final class EchoReader extends ChannelInboundHandlerAdapter {

        private final CompletableFuture<String> echo;

        EchoReader(CompletableFuture<String> echo) {
            this.echo = echo;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            echo.complete(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            echo.completeExceptionally(cause);
        }
    }
}
