package io.kad.transport.netty.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.support.RecordedUpgrades;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.kad.transport.netty.support.WebCertificate;
import io.kad.transport.netty.tcp.TcpSockets;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps of an inbound upgrade of which the limits of connections are told. */
@Timeout(180)
class UpgradeProgressTest {

    private static final TestIdentity BOB = new TestIdentity(2);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final RecordedUpgrades upgrades = new RecordedUpgrades();

    /** Listener that ignores the result of a dial. */
    private static final class Ignored implements DialListener {

        @Override
        public void onDialled(UpgradedConnection connection) {}

        @Override
        public void onDialFailed(TransportFailure.Kind kind, Optional<DialFailure> dial, String reason) {}

        @Override
        public void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding) {}
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private TcpSockets sockets(TestIdentity identity) {
        return new TcpSockets(
                group, TestUpgrades.of(NoiseIdentity.create(identity, List.of("/yamux/1.0.0"))), new TrafficCounter());
    }

    private void connect(WebSocketTransport dialer, WebSocketTransport listener) {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        InetSocketAddress bound = (InetSocketAddress)
                listener.listen(any, upgrades).syncUninterruptibly().channel().localAddress();
        dialer.dial(group.next(), BOB.peerId(), dialer.address(bound), bound, new Ignored());
    }

    private void awaitSteps(String... expected) {
        await().untilAsserted(() -> assertThat(upgrades.calls()).containsExactly(expected));
    }

    @Test
    void theHandshakeOfWebSocketIsAStep() {
        connect(WebSocketTransport.plain(sockets(new TestIdentity(1))), WebSocketTransport.plain(sockets(BOB)));
        awaitSteps("accept", "advanced", "security agreed", "upgraded");
    }

    @Test
    void thatOfTlsBelowItIsOneToo(@TempDir Path directory) {
        WebCertificate certificate = WebCertificate.of(directory, "127.0.0.1");
        KademliaConfig config = KademliaConfig.builder()
                .wsCert(certificate.certificate().toString())
                .wsKey(certificate.key().toString())
                .wsTrust(certificate.certificate().toString())
                .build();
        WebTls tls = WebTls.of(config, Runnable::run);
        connect(
                WebSocketTransport.secure(sockets(new TestIdentity(1)), tls),
                WebSocketTransport.secure(sockets(BOB), tls));
        awaitSteps("accept", "advanced", "advanced", "security agreed", "upgraded");
    }
}
