package io.kad.transport.netty.quic;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.CLOSED;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.SECURITY;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.TIMEOUT;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.WRONG_PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
        InetSocketAddress address = listen(contexts(BOB));
        loopback.dial(contexts(ALICE), address, BOB.peerId(), dialled);
        await().during(Duration.ofMillis(500))
                .atMost(AMPLE)
                .until(() -> !accepted.connection.isDone() && !dialled.connection.isDone());
        handshakes.end();
        assertThat(peer(accepted)).isEqualTo(ALICE.peerId()); // by a repeated packet, in the lifetime of its token
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
        assertThat(get(outbound.failure).localIdentity())
                .isPresent()
                .isEqualTo(get(inbound.failure).localIdentity());
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

    /** A resumed session does not ask the trust manager, so that the identity must come from the session. */
    @Test
    void eachConnectionOfAPeerIsAuthenticated() throws Exception {
        QuicContexts alice = contexts(ALICE);
        QuicContexts bob = contexts(BOB);
        for (int count = 0; count < 3; count++) {
            Loopback.Result inbound = new Loopback.Result();
            Loopback.Result outbound = new Loopback.Result();
            InetSocketAddress address =
                    loopback.listen(bob, new RetryTokens(handshakes), local -> local.handshake(null, AMPLE, inbound));
            loopback.dial(alice, address, BOB.peerId(), outbound);
            assertThat(peer(inbound)).isEqualTo(ALICE.peerId());
            assertThat(peer(outbound)).isEqualTo(BOB.peerId());
        }
    }

    @Test
    void aPortWithoutAListenerIsNoDefect() throws Exception {
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Loopback.Result result = new Loopback.Result();
        loopback.dial(contexts(ALICE), nobody, BOB.peerId(), Duration.ofMillis(300), result);
        assertThat(get(result.failure).reason()).isIn(TIMEOUT, CLOSED);
    }
}
