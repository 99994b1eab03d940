package io.kad.transport.netty.quic;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.CLOSED;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.SECURITY;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.TIMEOUT;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.WRONG_PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.hostile.HandMadeQuic;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.tls.LocalCertificate;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClientCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuicHandshakeTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final HalfOpenHandshakes handshakes = new HalfOpenHandshakes(1, 2);
    private final Loopback.Result accepted = new Loopback.Result();
    private final Loopback.Result dialled = new Loopback.Result();

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static QuicContexts contexts(TestIdentity identity) {
        return Loopback.contexts(identity, QuicLimits.DEFAULTS);
    }

    private InetSocketAddress listen(QuicContexts local) {
        return loopback.listen(
                local, new RetryTokens(handshakes), contexts -> contexts.handshake(null, AMPLE, accepted));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static PeerId peer(Loopback.Result result) throws Exception {
        return get(result.connection).peer();
    }

    private static void assertFailed(Loopback.Result result, UpgradeException.Reason reason) throws Exception {
        UpgradeException failure = get(result.failure);
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(result.connection).failsWithin(AMPLE);
    }

    @Test
    void theLibraryIsThere() {
        assertThat(QuicContexts.unavailabilityCause()).isEmpty();
    }

    @Test
    void bothPeersAreAuthenticated() throws Exception {
        loopback.dial(contexts(ALICE), listen(contexts(BOB)), BOB.peerId(), dialled);
        assertThat(peer(dialled)).isEqualTo(BOB.peerId());
        assertThat(peer(accepted)).isEqualTo(ALICE.peerId());
    }

    @Test
    void aPeerThatHasToProveItsAddressDoesSo() throws Exception {
        handshakes.begin();
        assertThat(handshakes.areMany()).isTrue();
        loopback.dial(contexts(ALICE), listen(contexts(BOB)), BOB.peerId(), dialled);
        assertThat(peer(accepted)).isEqualTo(ALICE.peerId());
        assertThat(peer(dialled)).isEqualTo(BOB.peerId());
    }

    @Test
    void noHandshakeBeginsBeyondTheLimit() throws Exception {
        handshakes.begin();
        handshakes.begin();
        // No token expires, however long the pause before a packet is repeated
        InetSocketAddress address = loopback.listen(
                contexts(BOB), new RetryTokens(handshakes, () -> 0L), local -> local.handshake(null, AMPLE, accepted));
        loopback.dial(contexts(ALICE), address, BOB.peerId(), dialled);
        await().during(Duration.ofMillis(500))
                .atMost(AMPLE)
                .until(() -> !accepted.connection.isDone() && !dialled.connection.isDone());
        handshakes.end();
        assertThat(peer(accepted)).isEqualTo(ALICE.peerId()); // by a repeated packet
    }

    @Test
    void anUnexpectedPeerIsRefusedByTheDialer() throws Exception {
        loopback.dial(contexts(ALICE), listen(contexts(new TestIdentity(3))), BOB.peerId(), dialled);
        assertFailed(dialled, WRONG_PEER);
        assertFailed(accepted, CLOSED);
    }

    @Test
    void theLocalPeerIsRefusedAndBothEndsKnowTheConnectionByOneName() throws Exception {
        QuicContexts bob = contexts(BOB);
        Loopback.Result outbound = new Loopback.Result();
        Loopback.Result inbound = new Loopback.Result();
        InetSocketAddress address =
                loopback.listen(bob, new RetryTokens(handshakes), local -> local.handshake(null, AMPLE, inbound));
        loopback.dial(bob, address, BOB.peerId(), outbound);
        assertFailed(outbound, LOCAL_PEER);
        assertFailed(inbound, LOCAL_PEER);
        assertThat(get(outbound.failure).channelBinding())
                .isPresent()
                .isEqualTo(get(inbound.failure).channelBinding());
    }

    @Test
    void aHostThatIsSilentEndsTheHandshakeInTime() throws Exception {
        Channel silent = loopback.bind(new ChannelInboundHandlerAdapter());
        QuicContexts alice = contexts(ALICE);
        Loopback.Result result = new Loopback.Result();
        loopback.dial(alice, (InetSocketAddress) silent.localAddress(), BOB.peerId(), Duration.ofMillis(300), result);
        assertFailed(result, TIMEOUT);
    }

    @Test
    void aHandshakeThatStallsAtTheListenerEndsInTime() throws Exception {
        InetSocketAddress address = loopback.listen(
                contexts(BOB),
                new RetryTokens(handshakes),
                local -> local.handshake(null, Duration.ofMillis(300), accepted));
        // the first packet of a handshake that nobody goes on with
        loopback.sendFirstPacket(contexts(ALICE), address);
        assertFailed(accepted, TIMEOUT);
    }

    @Test
    void aForgedIdentityIsRefused() throws Exception {
        QuicContexts mallory = Loopback.contexts(new ForgedIdentity(ALICE, new TestIdentity(3)), QuicLimits.DEFAULTS);
        loopback.dial(mallory, listen(contexts(BOB)), BOB.peerId(), dialled);
        assertFailed(accepted, SECURITY);
        Channel channel = get(dialled.connection).channel(); // TLS 1.3 lets the dialer finish first
        assertThat(channel.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aConnectionThatCannotBeStartedIsClosed() throws Exception {
        UpgradeListener failing = new UpgradeListener() {
            @Override
            public void onUpgraded(UpgradedConnection connection) {
                throw new IllegalStateException("as the test says");
            }

            @Override
            public void onUpgradeFailed(Channel channel, UpgradeException cause) {}
        };
        InetSocketAddress address = loopback.listen(
                contexts(BOB), new RetryTokens(handshakes), local -> local.handshake(null, AMPLE, failing));
        loopback.dial(contexts(ALICE), address, BOB.peerId(), dialled);
        Channel channel = get(dialled.connection).channel();
        assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS))
                .as("before the idle timeout")
                .isTrue();
    }

    @Test
    void noStreamIsReadBeforeTheRemotePeerIsAuthenticated() throws Exception {
        Queue<Runnable> checks = new ConcurrentLinkedQueue<>();
        QuicContexts bob = new QuicContexts(
                TlsIdentity.create(BOB, new SignatureChecks(checks::add, checks::add), InstantSource.system()),
                QuicLimits.DEFAULTS);
        loopback.dial(contexts(ALICE), listen(bob), BOB.peerId(), dialled);
        UpgradedConnection outbound = get(dialled.connection);
        MuxedConnection alice = get(start(outbound, new Received(new AtomicLong())));
        AtomicLong sent = new AtomicLong();
        List<ChannelFuture> writes = new ArrayList<>();
        for (int count = 0; count < 8; count++) {
            Channel stream =
                    get(alice.openStream(new Received(new AtomicLong()))).channel();
            for (int part = 0; part < 32; part++) {
                writes.add(stream.writeAndFlush(Unpooled.wrappedBuffer(new byte[16 * 1024]))
                        .addListener(done -> sent.addAndGet(done.isSuccess() ? 16 * 1024 : 0)));
            }
        }
        await().during(Duration.ofMillis(500))
                .atMost(AMPLE)
                .until(() -> sent.get() <= QuicLimits.CONNECTION_WINDOW_BYTES && !accepted.connection.isDone());
        AtomicLong received = new AtomicLong();
        await().atMost(AMPLE).until(() -> !checks.isEmpty());
        checks.remove().run();
        get(start(get(accepted.connection), new Received(received)));
        for (ChannelFuture write : writes) {
            get(write);
        }
        await().atMost(AMPLE).until(() -> received.get() == 8 * 32 * 16 * 1024);
    }

    private static Future<MuxedConnection> start(UpgradedConnection upgraded, ChannelHandler inbound) {
        Channel channel = upgraded.channel();
        return channel.eventLoop()
                .submit(() -> upgraded.installMuxer(inbound, ConnectionBudget.unlimited(channel.eventLoop())));
    }

    /** First handler of streams, whose bytes it counts. */
    @ChannelHandler.Sharable
    private static final class Received extends ChannelInboundHandlerAdapter {

        private final AtomicLong bytes;

        Received(AtomicLong bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytes.addAndGet(((ByteBuf) message).readableBytes());
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the stream closes with its connection
        }
    }

    /** A resumed session does not ask the trust manager, so that the identity must come from the session. */
    @Test
    void aPeerThatResumesItsSessionIsAuthenticated() throws Exception {
        TlsIdentity alice = TlsIdentity.create(ALICE, SignatureChecks.inCaller(), InstantSource.system());
        LocalCertificate certificate = alice.certificate();
        QuicSslContext resuming = QuicSslContextBuilder.forClient()
                .keyManager(certificate.keyManager(), null)
                .trustManager(alice.trustManager())
                .endpointIdentificationAlgorithm(null)
                .applicationProtocols(TlsIdentity.LIBP2P)
                .build();
        QuicContexts bob = contexts(BOB);
        boolean resumed = false;
        for (int count = 0; count < 20 && !resumed; count++) {
            Loopback.Result inbound = new Loopback.Result();
            InetSocketAddress address =
                    loopback.listen(bob, new RetryTokens(handshakes), local -> local.handshake(null, AMPLE, inbound));
            AtomicReference<QuicSslEngine> engine = new AtomicReference<>();
            Channel socket = loopback.bind(new QuicClientCodecBuilder()
                    .sslEngineProvider(channel -> {
                        engine.set(resuming.newEngine(channel.alloc(), "bob.example", 1)); // the key of its sessions
                        return engine.get();
                    })
                    .maxIdleTimeout(30, TimeUnit.SECONDS)
                    .build());
            QuicChannel dialer = QuicChannel.newBootstrap(socket)
                    .handler(new ChannelInboundHandlerAdapter())
                    .streamHandler(new ChannelInboundHandlerAdapter())
                    .remoteAddress(address)
                    .connect()
                    .get(60, TimeUnit.SECONDS);
            assertThat(peer(inbound)).isEqualTo(ALICE.peerId());
            resumed = HandMadeQuic.isResumed(engine.get());
            // the ticket of the session comes after the handshake
            await().during(Duration.ofMillis(100)).atMost(AMPLE).until(dialer::isActive);
            dialer.close();
        }
        assertThat(resumed).isTrue();
    }

    @Test
    void aPortWithoutAListenerIsNoDefect() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Loopback.Result result = new Loopback.Result();
        loopback.dial(contexts(ALICE), nobody, BOB.peerId(), Duration.ofMillis(300), result);
        assertThat(get(result.failure).reason()).isIn(TIMEOUT, CLOSED);
    }
}
