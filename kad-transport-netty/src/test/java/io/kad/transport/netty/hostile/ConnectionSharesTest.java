package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.support.Callbacks;
import io.kad.transport.netty.support.TestIdentity;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that hold places, and peers that need one. */
class ConnectionSharesTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<TestNode> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(TestNode::close);
    }

    private TestNode node(long number, KademliaConfig config) {
        TestNode node = new TestNode(
                number, config, (request, responder) -> responder.respond(new KadResponse.FindNode(List.of())));
        opened.add(node);
        return node;
    }

    private TestNode node(long number) {
        return node(number, KademliaConfig.builder().build());
    }

    private static void ping(TestNode from, PeerInfo to) throws Exception {
        CompletableFuture<Duration> rtt = new CompletableFuture<>();
        from.transport.ping(to, LONG, Callbacks.completing(rtt));
        rtt.get(60, TimeUnit.SECONDS);
    }

    private static long count(TestNode node, Direction direction) {
        return node.transport.connections().stream()
                .map(ConnectionInfo::direction)
                .filter(direction::equals)
                .count();
    }

    @Test
    void aPingHoldsNoPlaceAgainstSomebodyUseful() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(4)
                        .inboundConnectionsPercent(99)
                        .connectionHighWaterPercent(100)
                        .connectionGracePeriod(Duration.ofMillis(300))
                        .build());
        List<TestNode> idle = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            TestNode client = node(10 + number);
            ping(client, server.info());
            idle.add(client);
        }
        await().until(() -> count(server, Direction.INBOUND) == 4);
        TestNode useful = node(20);
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            for (TestNode client : idle) {
                if (!client.transport.connections().isEmpty()) {
                    ping(client, server.info());
                }
            }
            return useful.request(server.info(), TestNode.findNode(), Duration.ofSeconds(5))
                            .get(10, TimeUnit.SECONDS)
                    instanceof KadResponse.FindNode;
        });
        await().until(() -> count(server, Direction.INBOUND) <= 4); // one that gives way ends a moment later
        assertThat(server.transport.counters().get("limit-connections")).isPositive();
    }

    @Test
    void connectionsThatAreNeverUsedHoldNoPlaceThoughTheyAreNew() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(4)
                        .inboundConnectionsPercent(99)
                        .connectionGracePeriod(Duration.ofHours(1))
                        .build());
        for (int number = 0; number < 4; number++) {
            ping(node(10 + number), server.info());
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> count(server, Direction.INBOUND) == 4);
        TestNode newcomer = node(20);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .until(() -> newcomer.request(server.info(), TestNode.findNode(), LONG)
                                .get(60, TimeUnit.SECONDS)
                        instanceof KadResponse.FindNode);
        assertThat(server.transport.counters().get("limit-connections")).isPositive();
    }

    @Test
    void connectionsOfOneMachineThatAreNeverUsedGiveWayAtOnce() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(20)
                        .inboundConnectionsPercent(99)
                        .connectionHighWaterPercent(100)
                        .connectionGracePeriod(Duration.ofHours(1))
                        .build());
        TestNode newcomer = node(20);
        List<HandMadePeer> idle = new ArrayList<>();
        try {
            for (int number = 0; number < 30; number++) {
                idle.add(new HandMadePeer(new TestIdentity(100 + number), server.socketAddress()));
            }
            assertThat(newcomer.request(server.info(), TestNode.findNode(), LONG)
                            .get(60, TimeUnit.SECONDS))
                    .isInstanceOf(KadResponse.FindNode.class);
            await().until(() -> count(server, Direction.INBOUND) <= 20); // one that gives way ends a moment later
            assertThat(count(server, Direction.INBOUND)).isPositive();
        } finally {
            for (HandMadePeer each : idle) {
                each.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/multistream/1.0.0", "/multistream/1.0.0 /noise"})
    void connectionsThatHangInTheirUpgradeKeepNobodyOut(String said) throws Exception {
        TestNode server =
                node(1, KademliaConfig.builder().maxPendingUpgrades(16).build());
        TestNode newcomer = node(20);
        List<Socket> hanging = new ArrayList<>();
        try {
            for (int number = 0; number < 40; number++) {
                Socket socket = new Socket();
                socket.connect(server.socketAddress());
                for (String message : said.split(" ", -1)) {
                    socket.getOutputStream().write(message.isEmpty() ? new byte[0] : HandMadePeer.message(message));
                }
                hanging.add(socket);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> server.transport.counters().get("limit-pending-upgrades") >= 40 - 16);
            assertThat(newcomer.request(server.info(), TestNode.findNode(), LONG)
                            .get(60, TimeUnit.SECONDS))
                    .isInstanceOf(KadResponse.FindNode.class);
        } finally {
            for (Socket each : hanging) {
                each.close();
            }
        }
    }

    @Test
    void inboundConnectionsLeaveRoomForOutboundOnes() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(4)
                        .inboundConnectionsPercent(50)
                        .build());
        for (int number = 0; number < 4; number++) {
            TestNode client = node(10 + number);
            assertThat(client.request(server.info(), TestNode.findNode(), LONG).get(60, TimeUnit.SECONDS))
                    .as("places that outbound connections do not use are lent")
                    .isInstanceOf(KadResponse.FindNode.class);
        }
        assertThat(count(server, Direction.INBOUND)).isEqualTo(4);
        for (int number = 0; number < 2; number++) {
            TestNode other = node(30 + number);
            assertThat(server.request(other.info(), TestNode.findNode(), LONG).get(60, TimeUnit.SECONDS))
                    .as("and taken back, though all are in use")
                    .isInstanceOf(KadResponse.FindNode.class);
        }
        assertThat(count(server, Direction.OUTBOUND)).isEqualTo(2);
        await().until(() -> count(server, Direction.INBOUND) == 2);
    }

    @Test
    void outboundConnectionsLeaveRoomForInboundOnes() throws Exception {
        TestNode dialer = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(4)
                        .inboundConnectionsPercent(50)
                        .build());
        for (int number = 0; number < 4; number++) {
            assertThat(dialer.request(node(10 + number).info(), TestNode.findNode(), LONG)
                            .get(60, TimeUnit.SECONDS))
                    .isInstanceOf(KadResponse.FindNode.class);
        }
        assertThat(count(dialer, Direction.OUTBOUND)).isEqualTo(4);
        for (int number = 0; number < 2; number++) {
            assertThat(node(30 + number)
                            .request(dialer.info(), TestNode.findNode(), LONG)
                            .get(60, TimeUnit.SECONDS))
                    .isInstanceOf(KadResponse.FindNode.class);
        }
        assertThat(count(dialer, Direction.INBOUND)).isEqualTo(2);
        await().until(() -> count(dialer, Direction.OUTBOUND) == 2);
    }

    @Test
    void idleConnectionsAreClosedDownToLowWater() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(10)
                        .inboundConnectionsPercent(99)
                        .connectionHighWaterPercent(80)
                        .connectionLowWaterPercent(40)
                        .connectionGracePeriod(Duration.ofMillis(1))
                        .build());
        for (int number = 0; number < 9; number++) {
            ping(node(10 + number), server.info());
        }
        await().until(() -> server.transport.counters().get("limit-connection-high-water") >= 5);
        await().until(() -> count(server, Direction.INBOUND) <= 4);
    }
}
