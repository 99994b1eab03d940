package io.kad.node.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private long limitsReached;

    /** Writes so many lines of each of these events, one event after the other, and the last line. */
    private void command(Request request, Exchange exchange, Map<String, Integer> events, ObjectNode last) {
        CommandResponse response = new CommandResponse(request, exchange, 200);
        events.forEach((event, count) -> {
            for (int i = 0; i < count; i++) {
                response.accept(OutputLine.line(event).put("number", i).put("text", "x".repeat(1000)));
            }
        });
        response.accept(last);
        written.countDown();
    }

    private List<JsonNode> linesOfSlowClient(Map<String, Integer> events, ObjectNode result)
            throws IOException, InterruptedException {
        Route route = Route.get("/command", (request, exchange) -> command(request, exchange, events, result))
                .producing(MediaType.JSON, MediaType.NDJSON);
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
            limitsReached = server.limitsReached().get("stream-bytes");
            return lines;
        }
    }

    @Test
    void aSlowClientIsToldWhatItMissedAndGetsTheResult() throws Exception {
        List<JsonNode> lines = linesOfSlowClient(
                Map.of("hop", LINES), OutputLine.done("record").put("value", "y".repeat(LARGE)));
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
        assertThat(limitsReached).isEqualTo(1);
    }

    @Test
    void aResultThatMissesLinesIsARefusal() throws Exception {
        List<JsonNode> lines = linesOfSlowClient(Map.of("provider", LINES), OutputLine.done("done"));
        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.path("ok").asBoolean(true)).isFalse();
        assertThat(last.path("code").asText()).isEqualTo("overloaded");
        assertThat(last.path("message").asText()).contains("lines of the result were left out");
        assertThat(lines.get(lines.size() - 2).path("event").asText()).isEqualTo("dropped");
    }

    @Test
    void hopsLeaveRoomForTheResult() throws Exception {
        Map<String, Integer> events = new LinkedHashMap<>();
        events.put("hop", LINES);
        events.put("provider", 100);
        List<JsonNode> lines = linesOfSlowClient(events, OutputLine.done("done"));
        assertThat(lines.get(lines.size() - 1).path("event").asText()).isEqualTo("done");
        assertThat(lines.get(lines.size() - 2).path("event").asText()).isEqualTo("dropped");
        assertThat(lines)
                .filteredOn(line -> line.path("event").asText().equals("provider"))
                .hasSize(100);
    }
}
