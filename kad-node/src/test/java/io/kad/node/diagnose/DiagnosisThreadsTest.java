package io.kad.node.diagnose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.wire.key.Ed25519Identity;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A diagnosis waits for silent hosts on threads of its own, which are few and end with it. */
@Timeout(120)
class DiagnosisThreadsTest {

    private static final int HOSTS = 12;
    private static final String NAME = "kad-diagnose-";

    /** The names of the threads that wait for a response of a host. */
    private static List<String> waiting() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Stream.of(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(PlainResponse.class.getName())
                                && frame.getMethodName().equals("request")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }

    private static PeerInfo peerAt(ServerSocket host) {
        return PeerInfo.of(
                Ed25519Identity.generate(new SecureRandom()).peerId(),
                List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + host.getLocalPort())));
    }

    @Test
    void manySilentHostsTakeFewThreadsOfTheDiagnosisItself() throws Exception {
        KademliaConfig config = KademliaConfig.builder()
                .mode(Mode.CLIENT)
                .set("upgrade-timeout", "500ms")
                .build();
        CountDownLatch closed = new CountDownLatch(1);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Kademlia kad = Kademlia.builder()
                        .identity(Ed25519Identity.generate(new SecureRandom()))
                        .config(config)
                        .build()) {
            List<PeerInfo> hosts =
                    IntStream.range(0, HOSTS).mapToObj(i -> peerAt(silent)).toList();
            NodeSetup setup = NodeSetup.ofRunning(hosts, Optional.empty());
            CompletableFuture<ObjectNode> end =
                    new Diagnosis(kad, setup, line -> {}, Duration.ofMinutes(5)).run(closed::countDown);
            await().atMost(Duration.ofSeconds(60)).until(() -> waiting().size() > 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                assertThat(waiting()).allMatch(name -> name.startsWith(NAME)).hasSizeLessThanOrEqualTo(8);
                return end.isDone();
            });
            assertThat(end.join().path("failed").asInt()).isEqualTo(HOSTS + 1); // and the table is empty
        }
        closed.await();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith(NAME)));
    }
}
