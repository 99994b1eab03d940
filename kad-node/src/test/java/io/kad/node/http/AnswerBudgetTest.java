package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.node.http.limit.HttpLimits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The bytes of whole answers that wait for their clients, of all connections together. */
@Timeout(120)
class AnswerBudgetTest {

    private static final int MIB = 1 << 20;
    private static final int LARGE = 8 * MIB;
    private static final int RECEIVE_BUFFER = 4096;

    @RegisterExtension
    final TestServer servers = new TestServer();

    private final AtomicInteger served = new AtomicInteger();

    private final Route large = Route.get("/large/{bytes}", (request, exchange) -> {
        exchange.send(Response.text(200, "text/plain", "x".repeat(Integer.parseInt(request.parameter("bytes")))));
        served.incrementAndGet();
    });

    private static int status(HttpServer server, int bytes) throws IOException {
        return RawClient.request(server.address(), "GET /large/" + bytes).status();
    }

    @Test
    void answersThatWaitForSlowReadersAreBoundedTogetherAndReturnTheirBytes() throws Exception {
        HttpServer server = servers.start(TestServer.answers(4 * LARGE), large);
        List<RawClient> slow = new ArrayList<>();
        try {
            for (int i = 1; i <= 4; i++) {
                RawClient client = new RawClient(server.address(), RECEIVE_BUFFER);
                slow.add(client);
                client.send("GET /large/" + LARGE);
                int sent = i;
                await().until(() -> served.get() == sent);
            }
            RawClient.Answer refused = RawClient.request(server.address(), "GET /large/" + LARGE);
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.json().path("code").asText()).isEqualTo("overloaded");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(status(server, HttpLimits.SMALL_RESPONSE_BYTES)).isEqualTo(200);
            assertThat(status(server, HttpLimits.SMALL_RESPONSE_BYTES + 1)).isEqualTo(503);
            assertThat(server.limitsReached()).containsEntry("response-bytes", 2L);

            // One reads its answer, another one goes away: both make room
            assertThat(slow.get(0).answer().body()).hasSize(LARGE);
            await().until(() -> status(server, LARGE) == 200);
            slow.get(1).close();
            slow.get(2).close();
            await().until(() -> status(server, 3 * LARGE) == 200);
            assertThat(status(server, 4 * LARGE)).isEqualTo(503);
        } finally {
            for (RawClient client : slow) {
                client.close();
            }
        }
    }

    @Test
    void anAnswerThatIsLargerThanAllIsRefused() throws Exception {
        HttpServer server = servers.start(TestServer.answers(MIB), large);
        assertThat(status(server, MIB)).isEqualTo(200);
        assertThat(status(server, MIB + 1)).isEqualTo(503);
        await().until(() -> status(server, MIB) == 200);
    }
}
