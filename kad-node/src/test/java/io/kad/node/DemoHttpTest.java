package io.kad.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard of the demo network. */
@Timeout(180)
class DemoHttpTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static JsonNode next(OwnProcess demo, String event) throws Exception {
        for (String line = demo.line(); !line.equals("null"); line = demo.line()) {
            JsonNode json = JSON.readTree(line);
            if (json.path("event").asText().equals(event)) {
                return json;
            }
        }
        throw new AssertionError("no event " + event);
    }

    @Test
    void theNetworkRunsOnForTheDashboardUntilItIsStopped() throws Exception {
        try (OwnProcess demo = OwnProcess.start("C", "demo", "--json", "--nodes", "4", "--http", "127.0.0.1:0")) {
            String url = "http://" + next(demo, "http").path("address").asText();
            assertThat(next(demo, "summary").path("ok").asBoolean()).isTrue();
            assertThat(get(url + "/").body()).contains("<title>kad node</title>");
            assertThat(JSON.readTree(get(url + "/api/v1/buckets").body())
                            .path("peers")
                            .asInt())
                    .isEqualTo(3);
            assertThat(get(url + "/metrics").body()).contains("kad_requests_sent_seconds_count");
            demo.terminate();
            assertThat(demo.rest()).isEmpty();
            assertThat(demo.exitCode()).isNotNegative();
        }
    }

    @Test
    void anAddressOfAnotherFormIsRefusedBeforeAnythingStarts() {
        ProgramRun ran = ProgramRun.of("demo", "--http", "5001");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).last().asString().contains("invalid --http '5001': expected HOST:PORT");
    }
}
