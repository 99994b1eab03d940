package io.kad.transport.netty.psk;

import static io.kad.transport.netty.support.StartedTransports.bind;
import static io.kad.transport.netty.support.StartedTransports.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transports with and without a pre-shared key. */
@Timeout(180)
class PrivateTransportTest {

    private static final TestIdentity BOB = new TestIdentity(2);

    private final StartedTransports transports = new StartedTransports();

    @TempDir
    Path directory;

    @AfterEach
    void stop() {
        transports.close();
    }

    /** Starts a transport with the key of this number; with none if it is 0. */
    private NettyTransport start(TestIdentity identity, int number) throws IOException {
        return start(identity, number, TransportOptions.UPGRADE_TIMEOUT.defaultValue());
    }

    private NettyTransport start(TestIdentity identity, int number, Duration upgradeTimeout) throws IOException {
        KademliaConfig.Builder config = KademliaConfig.builder().upgradeTimeout(upgradeTimeout);
        if (number > 0) {
            Path file = directory.resolve("key" + number);
            Files.writeString(file, "/key/swarm/psk/1.0.0/\n/base16/\n" + ("0" + number).repeat(32));
            config.psk(file.toString());
        }
        return transports.start(identity, config);
    }

    private CompletableFuture<ConnectionInfo> connect(int number, Multiaddr address) throws IOException {
        return StartedTransports.connect(start(new TestIdentity(1), number), BOB, address);
    }

    private static void assertFails(CompletableFuture<?> future, String message) {
        assertThat(future)
                .failsWithin(Duration.ofSeconds(25))
                .withThrowableThat()
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ws"})
    void onlyPeersWithTheKeyConnect(String suffix) throws IOException {
        NettyTransport bob = start(BOB, 1);
        Multiaddr address = bind(bob, "/ip4/127.0.0.1/tcp/0" + suffix);
        assertThat(connect(1, address).join().peer()).isEqualTo(BOB.peerId());
        await().untilAsserted(() -> assertThat(bob.connections()).hasSize(1));
        assertFails(connect(2, address), "another pre-shared key (psk), or none");
        assertFails(connect(0, address), address.toString());
        assertThat(bob.connections()).hasSize(1);
    }

    @Test
    void aPeerWithoutTheKeyIsToldApart() throws IOException {
        Multiaddr address = bind(start(BOB, 0), "/ip4/127.0.0.1/tcp/0");
        assertFails(connect(1, address), "another pre-shared key (psk), or none");
    }

    @Test
    void aSilentPeerMayLackTheKey() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NettyTransport alice = start(new TestIdentity(1), 1, Duration.ofMillis(500));
            Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort());
            assertFails(
                    StartedTransports.connect(alice, BOB, address),
                    "timed out after 500 ms; the remote peer may have another pre-shared key (psk), or none");
            assertThatThrownBy(StartedTransports.connect(
                            start(BOB, 0, Duration.ofMillis(500)), new TestIdentity(1), address)::get)
                    .hasMessageEndingWith("timed out after 500 ms");
        }
    }

    @Test
    void quicIsRefused() throws IOException {
        NettyTransport bob = start(BOB, 1);
        assertFails(listen(bob, "/ip4/127.0.0.1/udp/0/quic-v1"), "QUIC has no private networks");
        Multiaddr open = bind(start(BOB, 0), "/ip4/127.0.0.1/udp/0/quic-v1");
        assertFails(connect(1, open), "no address of the peer can be dialled");
    }

    @Test
    void tcpAndWebSocketNeedAPortEach() throws IOException {
        NettyTransport bob = start(BOB, 1);
        Multiaddr tcp = bind(bob, "/ip4/127.0.0.1/tcp/0");
        assertFails(listen(bob, tcp + "/ws"), "need a port each");
        assertThat(connect(1, tcp).join().transport()).isEqualTo("tcp");
        Multiaddr other = bind(bob, "/ip4/127.0.0.1/tcp/0/ws");
        assertThat(connect(1, other).join().transport()).isEqualTo("ws");
    }

    @Test
    void aFileWithoutAKeyIsRefusedAtTheStart() throws IOException {
        String file = Files.writeString(directory.resolve("garbage"), "hello").toString();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NettyTransport(
                        BOB, KademliaConfig.builder().psk(file).build(), InstantSource.system()))
                .withMessageContaining("psk: " + file + " has no key");
    }
}
