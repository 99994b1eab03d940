package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the bytes which one side has sent are those which the other side has received. */
class TrafficTest {

    /** Bytes of the handshake of either kind, at least. */
    private static final long HANDSHAKE = 300;

    private static long bytes(NettyTransport transport, String direction) {
        return transport.amounts().get("traffic-" + direction + "-bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
    void whatOneSideHasSentTheOtherHasReceived(String address) throws Exception {
        try (StartedTransports transports = new StartedTransports()) {
            TestIdentity listener = new TestIdentity(0);
            NettyTransport server = transports.start(listener, KademliaConfig.builder());
            NettyTransport client = transports.start(new TestIdentity(1), KademliaConfig.builder());
            assertThat(client.amounts())
                    .containsEntry("traffic-sent-bytes", 0L)
                    .containsEntry("traffic-received-bytes", 0L);
            StartedTransports.connect(client, listener, StartedTransports.bind(server, address))
                    .get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(bytes(server, "received"))
                        .isEqualTo(bytes(client, "sent"))
                        .isGreaterThan(HANDSHAKE);
                assertThat(bytes(client, "received"))
                        .isEqualTo(bytes(server, "sent"))
                        .isGreaterThan(HANDSHAKE);
            });
        }
    }
}
