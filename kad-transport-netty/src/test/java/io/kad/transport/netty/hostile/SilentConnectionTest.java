package io.kad.transport.netty.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections whose other end is gone without a sign, as after the loss of a NAT mapping or a cable. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SilentConnectionTest {

    private static final KademliaConfig DEFAULTS = KademliaConfig.of("/test/kad/1.0.0");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** For bytes that are forwarded one by one, each of them late on a busy machine. */
    private static final Duration LONGER = Duration.ofMinutes(4);

    private TestNode server;
    private Proxy proxy;

    @BeforeEach
    void serve() throws Exception {
        server = node(
                1,
                DEFAULTS.toBuilder()
                        .disable(TransportOptions.KEEP_ALIVE_INTERVAL)
                        .build());
        proxy = new Proxy(server.socketAddress());
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        proxy.close();
    }

    private static TestNode node(long number, KademliaConfig config) {
        return new TestNode(number, config, (request, responder) -> {
            if (request.request() instanceof KadRequest.FindNode) {
                responder.respond(new KadResponse.FindNode(List.of()));
            }
        });
    }

    private PeerInfo target() {
        return PeerInfo.of(server.id(), List.of(proxy.address()));
    }

    @Test
    void aRequestThatTimesOutTriggersAPingThatClosesIt() throws Exception {
        KademliaConfig config = DEFAULTS.toBuilder()
                .disable(TransportOptions.KEEP_ALIVE_INTERVAL)
                .build();
        try (TestNode client = node(2, config)) {
            client.request(target(), TestNode.findNode(), PATIENCE).get();
            proxy.silence();
            assertThatThrownBy(client.request(target(), TestNode.findNode(), Duration.ofSeconds(1))::get)
                    .hasMessageContaining("TIMEOUT");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> client.transport.connections().isEmpty());
            assertThat(client.transport.counters()).containsEntry("limit-silence-timeout", 1L);
            client.request(target(), TestNode.findNode(), PATIENCE).get();
        }
    }

    @Test
    void keepAliveFindsABusyOne() throws Exception {
        KademliaConfig config = DEFAULTS.toBuilder()
                .keepAliveInterval(Duration.ofSeconds(1))
                .silenceTimeout(Duration.ofSeconds(5))
                .build();
        try (TestNode client = node(2, config)) {
            client.request(target(), TestNode.findNode(), PATIENCE).get();
            proxy.silence();
            // a stream is open, so it is not idle
            var response = client.request(target(), TestNode.findNode(), PATIENCE);
            assertThat(response.get(30, TimeUnit.SECONDS)).isEqualTo(new KadResponse.FindNode(List.of()));
            assertThat(proxy.accepted()).isEqualTo(2);
        }
    }

    @Test
    void aSlowPeerIsNotADeadOne() throws Exception {
        KademliaConfig config = DEFAULTS.toBuilder()
                .disable(TransportOptions.KEEP_ALIVE_INTERVAL)
                .silenceTimeout(Duration.ofSeconds(3))
                .negotiationTimeout(LONGER)
                .messageTimeout(LONGER)
                .build();
        try (TestNode client = node(2, config)) {
            client.request(target(), TestNode.findNode(), PATIENCE).get();
            proxy.slowDown(1, 200); // the first response takes twice the silence timeout
            var late = client.request(target(), TestNode.findNode(), Duration.ofSeconds(1));
            var next = client.request(target(), TestNode.findNode(), LONGER);
            assertThatThrownBy(late::get).hasMessageContaining("TIMEOUT"); // and a ping is sent
            next.get();
            assertThat(proxy.accepted()).isEqualTo(1);
            assertThat(client.transport.counters()).containsEntry("limit-silence-timeout", 0L);
        }
    }
}
