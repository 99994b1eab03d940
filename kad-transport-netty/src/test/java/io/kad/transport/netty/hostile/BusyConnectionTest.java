package io.kad.transport.netty.hostile;

import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.ConnectionInfo;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connection with short requests, between which it has no streams. */
@Timeout(120)
class BusyConnectionTest {

    private static final Duration IDLE = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void itIsNotIdleThoughItHasNoStreamsWhenItIsChecked() throws Exception {
        KademliaConfig config = KademliaConfig.of("/test/kad/1.0.0").toBuilder()
                .idleConnectionTimeout(IDLE)
                .streamPoolSize(0)
                .build();
        try (TestNode node = new TestNode(
                        1, config, (request, responder) -> responder.respond(new KadResponse.FindNode(List.of())));
                TestNode client = new TestNode(2, config, (request, responder) -> {})) {
            client.request(node.info(), TestNode.findNode(), LONG).get();
            List<Long> first = ids(client);

            await().pollInterval(Duration.ofMillis(50))
                    .during(IDLE.multipliedBy(3))
                    .atMost(Duration.ofSeconds(50))
                    .until(() -> {
                        client.request(node.info(), TestNode.findNode(), LONG).get();
                        return ids(client).equals(first);
                    });
            await().atMost(LONG).until(() -> ids(client).isEmpty());
        }
    }

    private static List<Long> ids(TestNode node) {
        return node.transport.connections().stream().map(ConnectionInfo::id).toList();
    }
}
