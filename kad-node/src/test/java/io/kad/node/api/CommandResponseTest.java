package io.kad.node.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpServer;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.TestServer;
import io.kad.node.output.OutputLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Lines of a command for a client that does not read them while they come. */
@Timeout(120)
class CommandResponseTest {

    /** Lines of 1 KiB: more than the buffers of both sockets and the unsent bytes of a stream. */
    private static final int LINES = 64 * 1024;

    private static final int LARGE = 2 << 20;

    private final CountDownLatch written = new CountDownLatch(1);

    private void command(Request request, Exchange exchange) {
        CommandResponse response = new CommandResponse(request, exchange, 200);
        for (int i = 0; i < LINES; i++) {
            response.accept(OutputLine.line("hop").put("number", i).put("text", "x".repeat(1000)));
        }
        response.accept(OutputLine.done("record").put("value", "y".repeat(LARGE)));
        written.countDown();
    }

    private List<JsonNode> linesOfSlowClient() throws IOException, InterruptedException {
        Route route = Route.get("/command", this::command).producing(MediaType.JSON, MediaType.NDJSON);
        try (HttpServer server = TestServer.loopback(RouteGroup.of("", List.of(route)));
                Socket client = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            client.getOutputStream()
                    .write("GET /command HTTP/1.0\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n\r\n"
                            .getBytes(US_ASCII));
            written.await();
            BufferedReader reader = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            assertThat(reader.readLine()).contains(" 200 ");
            List<JsonNode> lines = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("{")) {
                    lines.add(new ObjectMapper().readTree(line));
                }
            }
            return lines;
        }
    }

    @Test
    void aSlowClientIsToldWhatItMissedAndGetsTheResult() throws Exception {
        List<JsonNode> lines = linesOfSlowClient();
        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.path("event").asText()).isEqualTo("record");
        assertThat(last.path("ok").asBoolean()).isTrue();
        assertThat(last.path("value").asText()).hasSize(LARGE);
        JsonNode dropped = lines.get(lines.size() - 2);
        assertThat(dropped.path("event").asText()).isEqualTo("dropped");
        assertThat(dropped.path("message").asText()).contains("read too slowly");
        List<JsonNode> hops = lines.subList(0, lines.size() - 2);
        assertThat(hops).isNotEmpty();
        assertThat(dropped.path("lines").asInt()).isEqualTo(LINES - hops.size());
    }
}
