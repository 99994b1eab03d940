package io.kad.transport.netty.quic;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.hostile.HandMadeQuic;
import io.kad.transport.netty.hostile.Proxy;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.support.Closing;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.tls.HandMadeCertificate;
import io.kad.transport.netty.tls.RemoteCertificate;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attacks on a whole transport over QUIC, which serves others meanwhile. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HostileQuicTest {

    private static final String KAD = "/test/kad/1.0.0";
    private static final RecordKey KEY = RecordKey.of(Bytes.utf8("large"));
    private static final TestIdentity SERVER = new TestIdentity(1);
    private static final int RECORD_BYTES = 1 << 20;
    private static final Duration AMPLE = Duration.ofSeconds(60);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private NettyTransport server;
    private NettyTransport honest;
    private Multiaddr address;
    private InetSocketAddress socket;

    private void start(KademliaConfig config) throws Exception {
        server = transport(SERVER, config);
        honest = transport(new TestIdentity(2), KademliaConfig.of(KAD));
        server.serve(true);
        address = StartedTransports.bind(server, "/ip4/127.0.0.1/udp/0/quic-v1");
        socket = QuicTransport.ADDRESSES.socket(address).orElseThrow();
    }

    private static KademliaConfig.Builder config() {
        return KademliaConfig.builder().protocol(KAD);
    }

    private static NettyTransport transport(TestIdentity identity, KademliaConfig config) {
        NettyTransport transport = new NettyTransport(identity, config, InstantSource.system());
        transport.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                if (request.request() instanceof KadRequest.GetValue) {
                    Record record = Record.of(KEY, Bytes.of(new byte[RECORD_BYTES]));
                    responder.respond(new KadResponse.GetValue(Optional.of(record), List.of()));
                } else {
                    responder.respond(new KadResponse.FindNode(List.of()));
                }
            }

            @Override
            public void onEvent(TransportEvent event) {}
        });
        return transport;
    }

    @AfterEach
    void stop() {
        Closing.all(Arrays.<AutoCloseable>asList(
                honest,
                server,
                loopback::close,
                () -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly()));
    }

    private void assertHonestPeerIsServed() throws Exception {
        CompletableFuture<KadResponse> response = new CompletableFuture<>();
        honest.request(
                PeerInfo.of(SERVER.peerId(), List.of(address)),
                new KadRequest.FindNode(Bytes.utf8("target")),
                AMPLE,
                completing(response));
        assertThat(response.get(60, TimeUnit.SECONDS)).isInstanceOf(KadResponse.FindNode.class);
    }

    /** The dialer has finished its handshake before the listener closes. */
    @Test
    void aRequestGoesOnOverTcpIfTheListenerOfQuicWantsNobody() throws Exception {
        start(config().build());
        Multiaddr tcp = StartedTransports.bind(server, "/ip4/127.0.0.1/tcp/0");
        Loopback.Result closed = new Loopback.Result();
        closed.connection.thenAccept(upgraded -> upgraded.channel().close());
        InetSocketAddress unwilling = loopback.listen(
                Loopback.contexts(SERVER, QuicLimits.DEFAULTS),
                new RetryTokens(new HalfOpenHandshakes(100, 200)),
                local -> local.handshake(null, AMPLE, closed));
        // QUIC has a head start of 30 ms only, which may be too short: TCP goes on once QUIC has connected
        try (Proxy later = new Proxy(AddressPattern.TCP.socket(tcp).orElseThrow(), closed.connection);
                NettyTransport dialer = transport(new TestIdentity(3), KademliaConfig.of(KAD))) {
            CompletableFuture<KadResponse> response = new CompletableFuture<>();
            dialer.request(
                    PeerInfo.of(SERVER.peerId(), List.of(QuicTransport.ADDRESSES.address(unwilling), later.address())),
                    new KadRequest.FindNode(Bytes.utf8("target")),
                    AMPLE,
                    completing(response));
            assertThat(response.get(60, TimeUnit.SECONDS)).isInstanceOf(KadResponse.FindNode.class);
            assertThat(closed.connection).isCompleted();
            assertThat(dialer.connections()) // that over QUIC may still be closing
                    .anyMatch(connection -> connection.transport().equals("tcp"));
        }
    }

    private MuxedConnection connect(int number) throws Exception {
        Loopback.Result result = new Loopback.Result();
        loopback.dial(
                Loopback.contexts(new TestIdentity(number), QuicLimits.DEFAULTS), socket, SERVER.peerId(), result);
        UpgradedConnection upgraded = result.connection.get(60, TimeUnit.SECONDS);
        Channel channel = upgraded.channel();
        return channel.eventLoop()
                .submit(() ->
                        upgraded.installMuxer(new IgnoredStreams(), ConnectionBudget.unlimited(channel.eventLoop())))
                .get();
    }

    /** First handler of the streams that the server opens. */
    @ChannelHandler.Sharable
    private static final class IgnoredStreams extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the stream closes
        }
    }

    @Test
    void aFloodOfHalfOpenHandshakesHoldsUpNobody() throws Exception {
        start(config().set(TransportOptions.MAX_PENDING_UPGRADES.name(), "16")
                .set(TransportOptions.UPGRADE_TIMEOUT.name(), "60s") // none ends meanwhile
                .build());
        QuicContexts hostile = Loopback.contexts(new TestIdentity(3), QuicLimits.DEFAULTS);
        List<CompletableFuture<Boolean>> retries = new ArrayList<>();
        for (int count = 0; count < 100; count++) {
            retries.add(loopback.sendFirstPacket(hostile, socket));
        }
        assertHonestPeerIsServed();
        await().atMost(AMPLE).until(() -> retries.stream().allMatch(CompletableFuture::isDone));
        assertThat(retries.stream().filter(retry -> !retry.join()))
                .as("handshakes that have begun without a proof of the address: a quarter of the places")
                .hasSize(4);
    }

    @Test
    void aFirstPacketTakesNoPlaceOfAConnection() throws Exception {
        start(config().maxConnections(1).build());
        MuxedConnection idle = connect(3);
        // so long that it gives way to a newcomer
        await().during(Duration.ofMillis(1200)).atMost(AMPLE).until(idle::isOpen);
        loopback.sendFirstPacket(Loopback.contexts(new TestIdentity(4), QuicLimits.DEFAULTS), socket);
        await().during(Duration.ofMillis(500))
                .atMost(AMPLE)
                .until(() -> idle.isOpen() && server.counters().get("limit-connections") == 0);
        assertHonestPeerIsServed(); // by a whole handshake it does give way
        await().atMost(AMPLE).until(() -> !idle.channel().isOpen());
    }

    @Test
    void aFloodOfStreamsEndsItsConnectionOnly() throws Exception {
        start(config().set(TransportOptions.MAX_STREAM_RESETS_PER_MINUTE.name(), "100")
                .build());
        MuxedConnection hostile = connect(3);
        for (int count = 0; count < 1000 && hostile.isOpen(); count++) {
            var opened = hostile.openStream(new IgnoredStreams());
            assertThat(opened.await(60, TimeUnit.SECONDS)).isTrue();
            if (!opened.isSuccess()) {
                break; // the connection has ended meanwhile
            }
            MuxedStream stream = opened.getNow();
            stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).await(60, TimeUnit.SECONDS);
            stream.reset(ErrorCode.NONE);
        }
        await().atMost(AMPLE).until(() -> !hostile.channel().isOpen());
        assertThat(server.counters().get("limit-stream-resets-per-minute")).isEqualTo(1);
        assertHonestPeerIsServed();
    }

    @Test
    void unreadResponsesEndTheirConnectionInTimeAndHonestPeersAreServed() throws Exception {
        start(config().set(TransportOptions.WRITE_TIMEOUT.name(), "2s").build());
        MuxedConnection hostile = connect(3);
        Bytes request = Bytes.of(
                Wire.framed(new KadCodec(config().build()).encode(new KadRequest.GetValue(KEY), Instant.now())));
        for (int stream = 0; stream < 40; stream++) {
            hostile.openStream(MultistreamDialer.lazy(
                    KAD,
                    (channel, protocol) -> channel.pipeline().addLast(new Asker(request)),
                    NegotiationListener.onFailure(cause -> {}),
                    AMPLE));
        }
        assertHonestPeerIsServed();
        await().atMost(AMPLE).until(() -> !hostile.channel().isOpen());
        assertThat(server.counters().get("limit-write-timeout")).isEqualTo(1);
        assertHonestPeerIsServed();
    }

    /** Handler that asks and reads no response. */
    private static final class Asker extends ChannelInboundHandlerAdapter {

        private final Bytes request;

        Asker(Bytes request) {
            this.request = request;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(false);
            for (int count = 0; count < 10; count++) {
                ctx.write(Unpooled.wrappedBuffer(request.toArray()));
            }
            ctx.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the connection ends
        }
    }

    @Test
    void aCertificateOfMoreThanEightKibibytesIsRefused() throws Exception {
        start(config().build());
        HandMadeCertificate huge = new HandMadeCertificate(new TestIdentity(3))
                .named("CN=a")
                .extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, RemoteCertificate.MAX_BYTES);
        assertThat(huge.x509().getEncoded().length)
                .isBetween(RemoteCertificate.MAX_BYTES + 1, RemoteCertificate.MAX_BYTES + 1024);
        Channel dialer = loopback.bind(new QuicClientCodecBuilder()
                .sslContext(QuicSslContextBuilder.forClient()
                        .keyManager(huge.keyPair().getPrivate(), null, huge.x509())
                        .trustManager(InsecureTrustManagerFactory.INSTANCE)
                        .endpointIdentificationAlgorithm(null)
                        .applicationProtocols("libp2p")
                        .build())
                .maxIdleTimeout(60, TimeUnit.SECONDS)
                .build());
        QuicChannel.newBootstrap(dialer)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        ctx.close();
                    }
                })
                .streamHandler(new QuicContexts.StreamAcceptor())
                .remoteAddress(socket)
                .connect();
        await().atMost(AMPLE).until(() -> server.counters().get("limit-handshake") == 1);
        assertHonestPeerIsServed();
    }

    @Test
    void aDialerWithTheIdentityOfTheListenerHearsThatItIsRefused() throws Exception {
        start(config().build());
        HandMadeCertificate stolen = new HandMadeCertificate(SERVER).named("CN=a");
        for (int number = 0; number < 10; number++) {
            try (HandMadeQuic dialer = new HandMadeQuic(socket, HandMadeQuic.context(stolen))) {
                assertThat(dialer.endsWithin(20_000))
                        .as("before the idle timeout")
                        .isTrue();
            }
        }
    }
}
