package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of what the local stores hold. */
@Timeout(120)
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class StoreOperationsTest {

    private static final HttpClient client = HttpClient.newHttpClient();
    private static final Instant EXPIRES = Instant.parse("2100-01-01T00:00:00Z");

    private final Kademlia kad = Kademlia.builder()
            .identity(Ed25519Identity.generate(new SecureRandom()))
            .config(KademliaConfig.builder().build())
            .build();
    private final NodeApi api = new NodeApi(kad, NodeSetup.UNKNOWN);
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.loopback(api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
        kad.close();
    }

    private JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + server.address().getPort() + "/api/v1" + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return new ObjectMapper().readTree(response.body());
    }

    /** Reads all pages of a list, each of which has at most {@code limit} entries. */
    private List<JsonNode> all(String name, int limit) throws Exception {
        List<JsonNode> all = new ArrayList<>();
        Optional<String> next = Optional.empty();
        do {
            JsonNode page = get(
                    "/stored-" + name + "?limit=" + limit
                            + next.map(after -> "&after=" + after).orElse(""),
                    200);
            assertThat(page.path("event").asText()).isEqualTo("stored-" + name);
            assertThat(page.path(name)).hasSizeLessThanOrEqualTo(limit);
            page.path(name).forEach(all::add);
            next = Optional.ofNullable(page.get("next")).map(JsonNode::asText);
        } while (next.isPresent());
        return all;
    }

    @Test
    void recordsAreListedPageByPage() throws Exception {
        assertThat(get("/stored-records", 200).path("records")).isEmpty();
        for (int i = 0; i < 120; i++) {
            Record record = Record.of(RecordKey.utf8("/app/" + i), Bytes.utf8("x".repeat(i + 1)))
                    .withPublisher(kad.peerId())
                    .withExpires(Optional.of(EXPIRES));
            kad.recordStore().update(record.key(), before -> Optional.of(record));
        }
        for (int limit : List.of(1, 7, 100)) {
            assertThat(all("records", limit))
                    .hasSize(120)
                    .extracting(record -> record.path("key").asText())
                    .doesNotHaveDuplicates()
                    .contains("/app/0", "/app/119");
        }
        assertThat(get("/stored-records", 200).path("records")).hasSize(50);
        assertThat(all("records", 100)).anySatisfy(record -> {
            assertThat(record.path("key").asText()).isEqualTo("/app/119");
            assertThat(record.path("bytes").asInt()).isEqualTo(120);
            assertThat(record.path("publisher").asText()).isEqualTo(kad.peerId().toString());
            assertThat(record.path("expires").asText()).isEqualTo(EXPIRES.toString());
            assertThat(record.has("value")).isFalse();
        });
    }

    @Test
    void whatThisPeerProvidesIsListedPageByPage() throws Exception {
        for (int i = 0; i < 12; i++) {
            kad.providerStore()
                    .add(new ProviderRecord(
                            RecordKey.utf8("content " + i), kad.peerId(), List.of(), Optional.of(EXPIRES)));
        }
        assertThat(all("providers", 5))
                .hasSize(12)
                .allSatisfy(provider ->
                        assertThat(provider.path("expires").asText()).isEqualTo(EXPIRES.toString()))
                .extracting(provider -> provider.path("key").asText())
                .contains("content 0", "content 11");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=101", "limit=x", "after=zz", "after=0", "after=", "before=00"})
    void aPageThatIsNoneIsRefused(String query) throws Exception {
        for (String name : List.of("records", "providers")) {
            assertThat(get("/stored-" + name + "?" + query, 400).path("code").asText())
                    .isEqualTo("bad-input");
        }
    }

    @Test
    void anUnknownCursorIsNoFault() throws Exception {
        get("/stored-records?after=" + "ff".repeat(1000), 200);
        get("/stored-providers?after=00", 200);
    }

    @Test
    void aStoreThatFailsIsNoFaultOfTheProgram() throws Exception {
        kad.close();
        assertThat(get("/stored-records", 500).path("code").asText()).isEqualTo("io");
        assertThat(get("/stored-providers", 500).path("code").asText()).isEqualTo("io");
    }
}
