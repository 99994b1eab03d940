package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.transport.netty.support.RecordedUpgrades;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
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
    private final RecordedUpgrades upgrades = new RecordedUpgrades();

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private InetSocketAddress listen() {
        return loopback.listen(
                Loopback.contexts(BOB, QuicLimits.DEFAULTS),
                tokens,
                local -> new QuicAcceptor(local, AMPLE, tokens, handshakes, upgrades));
    }

    private void dial() {
        loopback.dial(Loopback.contexts(ALICE, QuicLimits.DEFAULTS), listen(), BOB.peerId(), dialled);
    }

    private void awaitCalls(String... expected) {
        await().atMost(AMPLE).untilAsserted(() -> assertThat(upgrades.calls()).containsExactly(expected));
    }

    @Test
    void aPeerThatHasProvedItsAddressIsAcceptedBeforeItsHandshake() {
        handshakes.begin();
        dial();
        awaitCalls("accept", "security agreed", "upgraded");
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
        assertThat(upgrades.calls()).isEmpty();
    }

    @Test
    void aRefusedDialerIsToldAtOnce() throws Exception {
        handshakes.begin();
        upgrades.refuse();
        dial();
        UpgradeException failure = dialled.failure.get(60, TimeUnit.SECONDS);
        assertThat(failure.reason()).isEqualTo(UpgradeException.Reason.CLOSED);
        assertThat(failure).hasMessageContaining("transport error " + QuicAcceptor.CONNECTION_REFUSED);
        assertThat(upgrades.calls()).containsExactly("accept");
    }

    @Test
    void aDialerThatIsRefusedAfterItsHandshakeIsToldToo() throws Exception {
        upgrades.refuse();
        dial();
        Channel connection = dialled.connection.get(60, TimeUnit.SECONDS).channel();
        assertThat(connection.closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(upgrades.calls()).containsExactly("accept upgraded");
        assertThat(handshakes.areMany()).isFalse();
    }
}
