package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packet that says that a connection is closed leaves, whatever state the connection is in. */
class QuicCloseTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final int CODE = 0x1234;

    /** More than the congestion window of a new connection, less than the window of a stream. */
    private static final int BYTES = 200 * 1024;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final Loopback.Result accepted = new Loopback.Result();
    private final Loopback.Result dialled = new Loopback.Result();

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void dial(Identity dialer, Identity listener) {
        InetSocketAddress address = loopback.listen(
                Loopback.contexts(listener, QuicLimits.DEFAULTS),
                new RetryTokens(new HalfOpenHandshakes(1, 2)),
                local -> local.handshake(null, AMPLE, accepted));
        loopback.dial(Loopback.contexts(dialer, QuicLimits.DEFAULTS), address, BOB.peerId(), dialled);
    }

    private static MuxedConnection install(Loopback.Result result) throws Exception {
        UpgradedConnection upgraded = result.connection.get(60, TimeUnit.SECONDS);
        return upgraded.channel()
                .eventLoop()
                .submit(() -> upgraded.installMuxer(
                        new Ignored(),
                        ConnectionBudget.unlimited(upgraded.channel().eventLoop())))
                .get();
    }

    /** First handler of a stream. */
    @ChannelHandler.Sharable
    private static final class Ignored extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the stream closes
        }
    }

    /** Closes the connection of one side, whose congestion window is full; returns why that of the other one has ended. */
    private String reasonAfterFullWindow(boolean byTheDialer, Consumer<MuxedConnection> close) throws Exception {
        dial(ALICE, BOB);
        MuxedConnection outbound = install(dialled);
        MuxedConnection inbound = install(accepted);
        MuxedConnection closing = byTheDialer ? outbound : inbound;
        MuxedConnection other = byTheDialer ? inbound : outbound;
        var stream = closing.openStream(new Ignored()).get(60, TimeUnit.SECONDS);
        loopback.hold(); // so that nothing is acknowledged
        var written = stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
        // At once after the close, which waits for acknowledgements for a second only
        closing.channel()
                .eventLoop()
                .submit(() -> {
                    close.accept(closing);
                    loopback.letGo();
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(written.isSuccess()).as("it did not all fit").isFalse();
        await().atMost(AMPLE).until(() -> other.endReason().isPresent());
        return other.endReason().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseWithAFullCongestionWindowIsHeard(boolean byTheDialer) throws Exception {
        assertThat(reasonAfterFullWindow(byTheDialer, closing -> closing.close(CODE)))
                .isEqualTo("connection closed by the remote peer, code " + CODE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfATransportIsHeardToo(boolean byTheDialer) throws Exception {
        assertThat(reasonAfterFullWindow(byTheDialer, closing -> {
                    closing.channel().close(); // as the transport closes it
                    closing.channel().close();
                }))
                .isEqualTo("connection closed by the remote peer, transport error 0");
    }

    @Test
    void aListenerHearsThatItsCertificateIsRefused() throws Exception {
        dial(ALICE, new TestIdentity(3));
        assertThat(dialled.failure.get(60, TimeUnit.SECONDS).reason()).isEqualTo(UpgradeException.Reason.WRONG_PEER);
        assertThat(accepted.failure.get(60, TimeUnit.SECONDS)).hasMessageContaining("closed by the remote peer");
    }

    @Test
    void aDialerHearsThatItsCertificateIsRefused() throws Exception {
        dial(new ForgedIdentity(ALICE, new TestIdentity(3)), BOB);
        MuxedConnection outbound = install(dialled); // TLS 1.3 lets the dialer finish first
        assertThat(accepted.failure.get(60, TimeUnit.SECONDS).reason()).isEqualTo(UpgradeException.Reason.SECURITY);
        await().atMost(AMPLE).until(() -> outbound.endReason().isPresent());
        assertThat(outbound.endReason())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("connection closed by the remote peer"));
    }
}
