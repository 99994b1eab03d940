package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.support.Callbacks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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
                        .maxConnections(8)
                        .inboundConnectionsPercent(50)
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
        assertThat(count(server, Direction.INBOUND)).isLessThanOrEqualTo(4);
        assertThat(server.transport.counters().get("limit-connections")).isPositive();
    }

    @Test
    void connectionsThatAreNeverUsedHoldNoPlaceThoughTheyAreNew() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(8)
                        .inboundConnectionsPercent(50)
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
    void inboundConnectionsLeaveRoomForOutboundOnes() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(4)
                        .inboundConnectionsPercent(50)
                        .build());
        for (int number = 0; number < 2; number++) {
            node(10 + number).request(server.info(), TestNode.findNode(), LONG).get(60, TimeUnit.SECONDS);
        }
        assertThat(node(20).request(server.info(), TestNode.findNode(), Duration.ofSeconds(5))
                        .handle((response, failure) -> failure != null)
                        .get(60, TimeUnit.SECONDS))
                .as("those in use have their grace period")
                .isTrue();
        TestNode other = node(30);
        assertThat(server.request(other.info(), TestNode.findNode(), LONG).get(60, TimeUnit.SECONDS))
                .isInstanceOf(KadResponse.FindNode.class);
    }

    @Test
    void idleConnectionsAreClosedDownToLowWater() throws Exception {
        TestNode server = node(
                1,
                KademliaConfig.builder()
                        .maxConnections(20)
                        .inboundConnectionsPercent(50)
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
