package io.kad.node.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node has one diagnosis at a time, which ends with its client. Its bootstrap peer accepts connections and says nothing. */
@Timeout(120)
class DiagnosisLimitTest {

    private static final int ROUNDS = 12;

    private final Silent silent = new Silent();
    private Kademlia kad;
    private NodeApi api;
    private HttpServer server;

    /** Host that accepts connections, and counts those that the other side has not closed. */
    private static final class Silent implements AutoCloseable {

        private final ServerSocketChannel listener;
        private final List<SocketChannel> accepted = new ArrayList<>();
        private int most;

        Silent() {
            try {
                listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            } catch (IOException failed) {
                throw new AssertionError(failed);
            }
            Thread accepting = new Thread(this::accept, "silent-host");
            accepting.setDaemon(true);
            accepting.start();
        }

        private void accept() {
            while (true) {
                try {
                    SocketChannel next = listener.accept();
                    next.configureBlocking(false);
                    add(next);
                } catch (IOException closed) {
                    return;
                }
            }
        }

        private synchronized void add(SocketChannel next) {
            accepted.add(next);
            most = Math.max(most, open());
        }

        synchronized int open() {
            accepted.removeIf(Silent::hasEnded);
            return accepted.size();
        }

        private static boolean hasEnded(SocketChannel channel) {
            ByteBuffer sink = ByteBuffer.allocate(4096);
            try {
                int count = channel.read(sink);
                while (count > 0) {
                    count = channel.read(sink.clear());
                }
                return count < 0;
            } catch (IOException reset) {
                return true;
            }
        }

        synchronized int most() {
            return most;
        }

        PeerInfo peer() {
            return PeerInfo.of(
                    Ed25519Identity.generate(new SecureRandom()).peerId(),
                    List.of(Multiaddr.parse(
                            "/ip4/127.0.0.1/tcp/" + listener.socket().getLocalPort())));
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        kad = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder()
                        .mode(Mode.CLIENT)
                        .set("upgrade-timeout", "10m")
                        .build())
                .build();
        api = new NodeApi(kad, NodeSetup.ofRunning(List.of(silent.peer()), Optional.empty()));
        server = TestServer.loopback(api.routes());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        api.close();
        kad.close();
        silent.close();
    }

    /** Asks for a diagnosis, whose end the socket does not wait for; closing the socket resets the connection. */
    private Socket asked() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoLinger(true, 0);
        socket.getOutputStream()
                .write(("POST /api/v1/diagnosis HTTP/1.1\r\nHost: 127.0.0.1:"
                                + server.address().getPort() + "\r\nContent-Length: 0\r\n\r\n")
                        .getBytes(US_ASCII));
        return socket;
    }

    @Test
    void aDiagnosisWhoseClientIsGoneLeavesNothingBehind() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            try (Socket socket = asked()) {
                await().until(() -> silent.open() > 0 || socket.getInputStream().available() > 0);
            }
        }
        // Before the diagnosis gives up the dial by itself, after 16 s
        await().atMost(Duration.ofSeconds(15)).until(() -> silent.open() == 0);
        assertThat(silent.most()).isEqualTo(1);
        // And the next one may begin
        await().until(() -> {
            try (Socket socket = asked()) {
                await().until(() -> silent.open() > 0 || socket.getInputStream().available() > 0);
                return socket.getInputStream().available() == 0;
            }
        });
    }

    @Test
    void aSecondDiagnosisIsRefused() throws Exception {
        try (Socket first = asked()) {
            await().until(() -> silent.open() == 1);
            try (Socket second = asked()) {
                byte[] answer = new byte[4096];
                String text = new String(answer, 0, second.getInputStream().read(answer), US_ASCII);
                assertThat(text).startsWith("HTTP/1.1 503 ");
                await().untilAsserted(() ->
                        assertThat(first.getInputStream().available()).isZero());
            }
        }
    }
}
