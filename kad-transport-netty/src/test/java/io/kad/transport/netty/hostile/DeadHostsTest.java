package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.transport.netty.support.Closing;
import io.kad.transport.netty.support.TestIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Peers among hosts that do not answer: a listener whose backlog is full, so that the system drops what arrives. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse connections when the backlog is full")
class DeadHostsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration LONGER = Duration.ofMinutes(5);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private int deadPort;

    @BeforeEach
    void openDeadHosts() throws IOException {
        ServerSocket silent = new ServerSocket();
        opened.add(silent);
        silent.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 0), 1);
        deadPort = silent.getLocalPort();
        for (int number = 0; number < 8; number++) {
            Socket filler = new Socket();
            opened.add(filler);
            try {
                filler.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), deadPort), 300);
            } catch (IOException full) {
                return;
            }
        }
        throw new IllegalStateException("the backlog does not fill");
    }

    @AfterEach
    void closeAll() {
        Closing.all(opened);
    }

    /** Starts a node whose dials do not fail in the time of a test, however slow its machine is. */
    private TestNode node(long number) {
        TestNode node = new TestNode(
                number,
                KademliaConfig.builder().dialTimeout(LONGER).build(),
                (request, responder) -> responder.respond(new KadResponse.FindNode(List.of())));
        opened.add(node);
        return node;
    }

    private Multiaddr deadAddress(int number) {
        return Multiaddr.parse("/ip4/127.1." + number / 250 + "." + (number % 250 + 1) + "/tcp/" + deadPort);
    }

    @Test
    void fourHundredAndEightyDeadPeersDoNotHoldUpALiveOne() throws Exception {
        TestNode client = node(1);
        TestNode live = node(2);
        List<PeerInfo> peers = IntStream.range(0, 480)
                .mapToObj(number -> PeerInfo.of(new TestIdentity(1000 + number).peerId(), List.of(deadAddress(number))))
                .toList();
        List<CompletableFuture<KadResponse>> dead = new ArrayList<>();
        peers.forEach(peer -> dead.add(client.request(peer, TestNode.findNode(), LONGER)));
        CompletableFuture<KadResponse> response = client.request(live.info(), TestNode.findNode(), LONG);
        assertThat(response.get(60, TimeUnit.SECONDS)).isInstanceOf(KadResponse.FindNode.class);
        assertThat(dead)
                .as("it had not to wait until dials failed")
                .allSatisfy(each -> assertThat(each).isNotDone());
    }

    @Test
    void aPeerIsReachedThoughTenDeadAddressesComeBeforeTheLiveOne() throws Exception {
        TestNode client = node(1);
        TestNode live = node(2);
        List<Multiaddr> addresses = Stream.concat(
                        Stream.iterate(0, number -> number + 1).limit(10).map(this::deadAddress),
                        Stream.of(live.address))
                .toList();
        CompletableFuture<KadResponse> response =
                client.request(PeerInfo.of(live.id(), addresses), TestNode.findNode(), LONG);
        assertThat(response.get(60, TimeUnit.SECONDS)).isInstanceOf(KadResponse.FindNode.class);
    }
}
