package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Moments at which inbound connections are accepted or refused. */
class QuicAcceptorTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final HalfOpenHandshakes handshakes = new HalfOpenHandshakes(1, 3);
    private final RetryTokens tokens = new RetryTokens(handshakes);
    private final Loopback.Result dialled = new Loopback.Result();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile boolean accepts = true;

    /** Limits of the local peer, as the test says. */
    private final class Limits implements AcceptListener {

        @Override
        public boolean tryAccept(Channel connection, Multiaddr remote) {
            calls.add("accept");
            return accepts;
        }

        @Override
        public boolean tryAcceptUpgraded(Channel connection, Multiaddr remote) {
            calls.add("accept upgraded");
            return accepts;
        }

        @Override
        public void onUpgradeAdvanced(Channel connection) {
            calls.add("advanced");
        }

        @Override
        public void onSecurityAgreed(Channel connection) {
            calls.add("begun");
        }

        @Override
        public void onInboundConnection(UpgradedConnection connection, Multiaddr remote, String transport) {
            calls.add("upgraded");
        }

        @Override
        public void onInboundFailed(Channel connection, Multiaddr remote, UpgradeException cause) {
            calls.add("failed");
        }

        @Override
        public void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding) {}
    }

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private InetSocketAddress listen() {
        return loopback.listen(
                Loopback.contexts(BOB, QuicLimits.DEFAULTS),
                tokens,
                local -> new QuicAcceptor(local, AMPLE, tokens, handshakes, new Limits()));
    }

    private void dial() {
        loopback.dial(Loopback.contexts(ALICE, QuicLimits.DEFAULTS), listen(), BOB.peerId(), dialled);
    }

    private void awaitCalls(String... expected) {
        await().atMost(AMPLE).untilAsserted(() -> assertThat(calls).containsExactly(expected));
    }

    @Test
    void aPeerThatHasProvedItsAddressIsAcceptedBeforeItsHandshake() {
        handshakes.begin();
        dial();
        awaitCalls("accept", "begun", "upgraded");
    }

    @Test
    void aPeerThatHasNotIsAcceptedAfterIt() {
        dial();
        awaitCalls("accept upgraded", "upgraded");
        assertThat(handshakes.areMany()).as("its handshake has ended").isFalse();
    }

    @Test
    void aFirstPacketAloneIsNoConnectionOfItsHost() {
        loopback.sendFirstPacket(Loopback.contexts(ALICE, QuicLimits.DEFAULTS), listen());
        await().atMost(AMPLE).until(handshakes::areMany);
        assertThat(calls).isEmpty();
    }

    @Test
    void aRefusedDialerIsToldAtOnce() throws Exception {
        handshakes.begin();
        accepts = false;
        dial();
        UpgradeException failure = dialled.failure.get(60, TimeUnit.SECONDS);
        assertThat(failure.reason()).isEqualTo(UpgradeException.Reason.CLOSED);
        assertThat(failure).hasMessageContaining("transport error " + QuicAcceptor.CONNECTION_REFUSED);
        assertThat(calls).containsExactly("accept");
    }

    @Test
    void aDialerThatIsRefusedAfterItsHandshakeIsToldToo() throws Exception {
        accepts = false;
        dial();
        Channel connection = dialled.connection.get(60, TimeUnit.SECONDS).channel();
        assertThat(connection.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).containsExactly("accept upgraded");
        assertThat(handshakes.areMany()).isFalse();
    }
}
