package io.kad.node.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.ConfigOption;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.GetRecordResult;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.PathTemplate;
import io.kad.node.http.Route;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The HTTP API of a node that is connected to another one. */
@Timeout(180)
class NodeApiTest {

    private static final String CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient client = HttpClient.newHttpClient();

    private static Kademlia kad;
    private static Kademlia other;
    private static NodeApi api;
    private static HttpServer server;

    /** Answer: its status and its body. */
    private record Answer(int status, JsonNode body) {}

    @BeforeAll
    static void start() throws Exception {
        kad = peer();
        other = peer();
        kad.connect(PeerInfo.of(other.peerId(), other.addresses()), Duration.ofSeconds(60))
                .get(60, TimeUnit.SECONDS);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> kad.routingTable().entries().size() == 1
                        && other.routingTable().entries().size() == 1);
        api = new NodeApi(kad, NodeSetup.UNKNOWN);
        server = serve(api);
    }

    private static Kademlia peer() throws Exception {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(60, TimeUnit.SECONDS);
        return peer;
    }

    private static HttpServer serve(NodeApi served) throws Exception {
        return TestServer.loopback(served.routes());
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
        kad.close();
        other.close();
    }

    private static HttpRequest.Builder to(HttpServer target, String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + target.address().getPort() + "/api/v1" + path));
    }

    private static Answer send(HttpServer target, String method, String path, byte[] body) throws Exception {
        HttpRequest.Builder request = to(target, path)
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body.length > 0) {
            request.header("Content-Type", "application/octet-stream");
        }
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    private static Answer send(String method, String path) throws Exception {
        return send(server, method, path, new byte[0]);
    }

    private static JsonNode ok(String method, String path) throws Exception {
        Answer answer = send(method, path);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        assertThat(answer.body().path("ok").asBoolean()).isTrue();
        return answer.body();
    }

    private static void assertRefused(Answer answer, int status, String code, String message) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        assertThat(answer.body().path("event").asText()).isEqualTo("error");
        assertThat(answer.body().path("code").asText()).isEqualTo(code);
        assertThat(answer.body().path("message").asText()).contains(message);
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
    }

    @Test
    void theStateOfTheNodeIsRead() throws Exception {
        assertThat(ok("GET", "/info").path("peerId").asText())
                .isEqualTo(kad.peerId().toString());
        assertThat(ok("GET", "/connections").path("connections").findValuesAsText("peerId"))
                .containsExactly(other.peerId().toString());
        assertThat(ok("GET", "/routing-table").path("peers").findValuesAsText("peerId"))
                .containsExactly(other.peerId().toString());
        JsonNode peer = ok("GET", "/peers").path("peers").path(0);
        assertThat(peer.path("peerId").asText()).isEqualTo(other.peerId().toString());
        assertThat(peer.path("connected").asBoolean()).isTrue();
        assertThat(peer.path("inRoutingTable").asBoolean()).isTrue();
        assertThat(peer.path("addresses")).isNotEmpty();
        assertThat(ok("GET", "/limits").path("limits").path("limit-connections").asLong(-1))
                .isZero();
    }

    @Test
    void theConfigurationHasEachOptionAsItIs() throws Exception {
        JsonNode options = ok("GET", "/config").path("options");
        assertThat(options.findValuesAsText("name"))
                .isEqualTo(KademliaConfig.options().stream()
                        .map(option -> option.name())
                        .toList());
        for (JsonNode option : options) {
            // A file with these texts gives the same configuration
            for (String text : List.of("value", "default")) {
                KademliaConfig read = KademliaConfig.builder()
                        .set(option.path("name").asText(), option.path(text).asText())
                        .build();
                assertThat(read).isNotNull();
            }
            assertThat(option.path("allowed").asText()).isNotEmpty();
        }
        Map<String, String> values = new HashMap<>();
        options.forEach(option ->
                values.put(option.path("name").asText(), option.path("value").asText()));
        assertThat(values)
                .containsEntry("k", "20")
                .containsEntry("mode", "server")
                .containsEntry("record-ttl", "48h");
        for (ConfigOption<?> option : KademliaConfig.options()) {
            assertThat(values).containsEntry(option.name(), textOf(option));
        }
    }

    /** The text that {@code config --print} shows. */
    private static <T> String textOf(ConfigOption<T> option) {
        return option.textOf(kad.config().get(option));
    }

    @Test
    void aRecordIsPutReadAndRemoved() throws Exception {
        byte[] value = {0, (byte) 0xff, 10, 13};
        String path = "/records/" + encoded("/app/b i/n\u00e4ry");
        Answer put = send(server, "PUT", path + "?quorum=one&ttl=1h", value);
        assertThat(put.status()).as(put.body().toString()).isEqualTo(200);
        assertThat(put.body().path("event").asText()).isEqualTo("put");
        assertThat(put.body().path("stored").asInt()).isEqualTo(1);
        JsonNode record = ok("GET", path);
        assertThat(Base64.getDecoder().decode(record.path("value").asText())).isEqualTo(value);
        assertThat(ok("DELETE", path).path("event").asText()).isEqualTo("removed");
        assertRefused(send("DELETE", path), 404, "not-found", "has not published");
    }

    @Test
    void aValueIsNeverTheNameOfAFile() throws Exception {
        String path = "/records/" + encoded("/app/file");
        send(server, "PUT", path, "@/etc/hostname".getBytes(UTF_8));
        assertThat(ok("GET", path).path("text").asText()).isEqualTo("@/etc/hostname");
    }

    @Test
    void aKeyThatIsTooLongIsAFaultOfTheRequest() throws Exception {
        String path = "/records/" + encoded("/app/" + "k".repeat(4092));
        assertRefused(send("PUT", path), 400, "bad-input", "key of 4097 bytes exceeds the limit of 4096");
        assertRefused(
                send("GET", "/providers/0x" + "61".repeat(81)), 400, "bad-input", "key must be 1 to 80 bytes, got 81");
    }

    @Test
    void aKeyIsNeverAnOption() throws Exception {
        assertRefused(send("GET", "/records/--trace"), 400, "bad-input", "invalid key '--trace'");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /records/%2Fapp%2Fnone, 404, not-found",
        "GET, /records/hello, 400, bad-input",
        "GET, /records/%2Fapp, 400, bad-input",
        "GET, /records/0x, 400, bad-input",
        "GET, /closest-peers/0x, 400, bad-input",
        "GET, /records/%2Fapp%2Fx?quorum=most, 400, bad-input",
        "GET, /records/%2Fapp%2Fx?qourum=1, 400, bad-input",
        "GET, /records/%2Fapp%2Fx?timeout=1h, 400, bad-input",
        "GET, /records/%2Fapp%2Fx?timeout=1s&timeout=2s, 400, bad-input",
        "GET, /peers/hello, 400, bad-input",
        "GET, /closest-peers/%2Fapp%2Fx?count=21, 400, bad-input",
        "POST, /connections, 400, bad-input",
        "POST, /connections?address=%2Fip4%2F127.0.0.1%2Ftcp%2F1, 400, bad-input",
        "PUT, /mode/off, 400, bad-input",
        "DELETE, /connections/hello, 400, bad-input",
        "PUT, /info, 405, method-not-allowed",
        "GET, /nothing, 404, not-found",
        "POST, /lookups/put/%2Fapp%2Fx, 400, bad-input",
        "POST, /lookups/get/hello, 400, bad-input",
        "GET, /lookups/none, 404, not-found",
        "DELETE, /lookups/none, 404, not-found"
    })
    void aRefusalHasAStatusAndACode(String method, String path, int status, String code) throws Exception {
        assertRefused(send(method, path), status, code, "");
    }

    @Test
    void aRefusalNamesAParameterAndNoOption() throws Exception {
        assertRefused(
                send("GET", "/closest-peers/%2Fapp%2Fx?count=999"),
                400,
                "bad-input",
                "count must be between 1 and 20 (k), got 999");
        assertRefused(
                send("GET", "/providers/%2Fapp%2Fx?count=many"),
                400,
                "bad-input",
                "invalid count 'many': expected an integer of 0 (all) or more");
    }

    @Test
    void linesAreResultsOfAnObjectOrAStream() throws Exception {
        ok("PUT", "/providers/" + CID);
        JsonNode found = ok("GET", "/providers/" + CID);
        assertThat(found.path("count").asInt()).isEqualTo(1);
        assertThat(found.path("results").findValuesAsText("peerId"))
                .containsExactly(kad.peerId().toString());
        HttpResponse<String> streamed = client.send(
                to(server, "/providers/" + CID)
                        .header("Accept", "application/x-ndjson")
                        .build(),
                BodyHandlers.ofString());
        assertThat(streamed.body().lines().toList())
                .hasSize(2)
                .last()
                .asString()
                .contains("\"ok\":true");
        ok("DELETE", "/providers/" + CID);
        assertThat(ok("GET", "/closest-peers/" + CID + "?count=1").path("results"))
                .hasSize(1);
        assertThat(ok("GET", "/peers/" + other.peerId()).path("addresses")).isNotEmpty();
    }

    @Test
    void aRefusalOfAStreamHasItsStatus() throws Exception {
        HttpResponse<String> refused = client.send(
                to(server, "/closest-peers/hello")
                        .header("Accept", "application/x-ndjson")
                        .build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(400);
    }

    @Test
    void theNodeIsChanged() throws Exception {
        assertThat(ok("PUT", "/mode/client").path("mode").asText()).isEqualTo("client");
        JsonNode auto = ok("PUT", "/mode/auto");
        assertThat(auto.path("mode").asText()).isEqualTo("client");
        assertThat(auto.path("setting").asText()).isEqualTo("auto");
        assertThat(ok("GET", "/info").path("setting").asText()).isEqualTo("auto");
        JsonNode server = ok("PUT", "/mode/server");
        assertThat(server.path("mode").asText()).isEqualTo("server");
        assertThat(server.path("setting").asText()).isEqualTo("server");
        assertThat(ok("POST", "/bootstrap").path("peers").asInt()).isPositive();
        String address =
                encoded(other.addresses().get(0).withPeerId(other.peerId()).toString());
        assertThat(ok("POST", "/connections?address=" + address).path("peerId").asText())
                .isEqualTo(other.peerId().toString());
        assertThat(ok("PUT", "/routing-table/" + other.peerId() + "?address=" + address)
                        .path("event")
                        .asText())
                .isEqualTo("routing-updated");
        String removal = "/routing-table/" + other.peerId() + "/addresses/" + encoded("/ip4/127.0.0.1/tcp/1");
        ok("PUT", "/routing-table/" + other.peerId() + "?address=" + encoded("/ip4/127.0.0.1/tcp/1"));
        assertThat(ok("DELETE", removal).path("outcome").asText()).isEqualTo("removed");
        assertRefused(send("DELETE", removal), 404, "not-found", "address /ip4/127.0.0.1/tcp/1");
    }

    @Test
    void aPeerIsPingedAndIdentified() throws Exception {
        String address =
                encoded(other.addresses().get(0).withPeerId(other.peerId()).toString());
        assertThat(ok("POST", "/ping?address=" + address).path("rttMillis").asDouble())
                .isPositive();
        assertThat(ok("POST", "/identify?address=" + address).path("peerId").asText())
                .isEqualTo(other.peerId().toString());
        String nobody = encoded("/ip4/127.0.0.1/tcp/1/p2p/12D3KooWGatU9DrSJQHUmDnMnLDdPLPxXfAtCK86oxPZYLLKoYGX");
        assertRefused(send("POST", "/ping?address=" + nobody), 502, "unreachable", "");
        assertRefused(send("POST", "/identify"), 400, "bad-input", "");
    }

    /** Reads all events of a lookup, by their data. */
    private static List<JsonNode> watch(HttpServer target, String id) throws Exception {
        HttpResponse<String> response = client.send(
                to(target, "/lookups/" + id + "/events")
                        .header("Accept", "text/event-stream")
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("data: ")) {
                lines.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return lines;
    }

    @Test
    void aLookupIsWatchedHopByHop() throws Exception {
        Answer started = send("POST", "/lookups/closest-peers/" + CID);
        assertThat(started.status()).as(started.body().toString()).isEqualTo(201);
        String id = started.body().path("id").asText();
        List<JsonNode> lines = watch(server, id);
        assertThat(lines).extracting(line -> line.path("event").asText()).contains("hop", "peer");
        assertThat(lines.get(lines.size() - 1).path("ok").asBoolean()).isTrue();
        assertThat(watch(server, id)).isEqualTo(lines);
        JsonNode state = ok("GET", "/lookups/" + id);
        assertThat(state.path("ended").asBoolean()).isTrue();
        assertThat(state.has("failure")).isFalse();
        assertThat(state.path("lines").asInt()).isEqualTo(lines.size());
        assertThat(ok("GET", "/lookups").path("lookups").findValuesAsText("id")).contains(id);
    }

    @Test
    void lookupsAreBoundedAndCancelled() throws Exception {
        // A peer that accepts connections and never says a word keeps lookups waiting
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Kademlia waiting = peer();
                NodeApi waitingApi = new NodeApi(waiting, NodeSetup.UNKNOWN);
                HttpServer waitingServer = serve(waitingApi)) {
            waiting.addAddress(other.peerId(), Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort()))
                    .get(60, TimeUnit.SECONDS);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < Lookups.Limits.DEFAULT.running(); i++) {
                Answer started = send(waitingServer, "POST", "/lookups/get/%2Fapp%2F" + i, new byte[0]);
                assertThat(started.status()).isEqualTo(201);
                ids.add(started.body().path("id").asText());
            }
            assertRefused(
                    send(waitingServer, "POST", "/lookups/get/%2Fapp%2Fx", new byte[0]),
                    503,
                    "overloaded",
                    "limit of 16 running lookups");
            for (String id : ids) {
                JsonNode state = send(waitingServer, "DELETE", "/lookups/" + id, new byte[0])
                        .body();
                List<JsonNode> lines = watch(waitingServer, id);
                String code = lines.get(lines.size() - 1).path("code").asText();
                assertThat(code).isIn("cancelled", "no-peers");
                assertThat(state.path("failure").asText()).isEqualTo(code);
            }
            await().until(() -> waiting.queries().isEmpty());
            await().until(() -> send(waitingServer, "POST", "/lookups/get/%2Fapp%2Fx", new byte[0])
                            .status()
                    == 201);
        }
    }

    /** Returns an object of {@code type} whose methods return what {@code results} has for their names. */
    private static <T> T returning(Class<T> type, Map<String, Object> results) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> results.get(method.getName())));
    }

    private static boolean holdsAThread() {
        return Thread.getAllStackTraces().entrySet().stream()
                .anyMatch(thread -> thread.getKey().getName().startsWith("kad-http-handler")
                        && Stream.of(thread.getValue())
                                .anyMatch(frame -> frame.getClassName().startsWith("io.kad.node")));
    }

    @Test
    void aQueryHoldsNoThreadAndIsCancelledWhenItsClientIsGone() throws Exception {
        CompletableFuture<GetRecordResult> result = new CompletableFuture<>();
        Kademlia waiting = returning(
                Kademlia.class,
                Map.of(
                        "config",
                        KademliaConfig.builder().build(),
                        "onEvent",
                        returning(EventRegistration.class, Map.of()),
                        "getRecord",
                        returning(Query.class, Map.of("result", result))));
        try (NodeApi waitingApi = new NodeApi(waiting, NodeSetup.UNKNOWN);
                HttpServer waitingServer = serve(waitingApi)) {
            CompletableFuture<HttpResponse<Void>> response =
                    client.sendAsync(to(waitingServer, "/records/%2Fapp%2Fx").build(), BodyHandlers.discarding());
            await().until(() -> result.getNumberOfDependents() > 0);
            await().until(() -> !holdsAThread());
            assertThat(response).isNotDone();
            response.cancel(true);
            await().until(result::isCancelled);
        }
    }

    @Test
    void theDocumentListsExactlyTheRoutes() throws Exception {
        HttpResponse<String> response = client.send(to(server, "/openapi.json").build(), BodyHandlers.ofString());
        JsonNode document = JSON.readTree(response.body());
        assertThat(document.path("openapi").asText()).startsWith("3.");
        Set<String> documented = new TreeSet<>();
        Set<String> ids = new HashSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    documented.add(operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey());
                    JsonNode described = operation.getValue();
                    assertThat(ids.add(described.path("operationId").asText())).isTrue();
                    assertThat(described.path("summary").asText()).endsWith(".");
                    Set<String> inPath = new TreeSet<>();
                    described.path("parameters").forEach(parameter -> {
                        if (parameter.path("in").asText().equals("path")) {
                            inPath.add(parameter.path("name").asText());
                        }
                        assertThat(parameter.path("schema").path("type").asText())
                                .isNotEmpty();
                    });
                    assertThat(inPath).isEqualTo(new TreeSet<>(new PathTemplate(path.getKey()).parameters()));
                }));
        Set<String> routes = api.routes().routes().stream()
                .filter(route -> !route.path().text().endsWith("/openapi.json"))
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(routes).hasSizeGreaterThan(20);
        for (Route route : api.routes().routes()) {
            JsonNode described = document.path("paths")
                    .path(route.path().text())
                    .path(route.method().toLowerCase(Locale.ROOT));
            if (!described.isMissingNode()) {
                assertThat(described.has("security")).as(route.path().text()).isEqualTo(route.changesState());
                assertThat(described.has("requestBody"))
                        .isEqualTo(!route.body().mediaType().isEmpty());
            }
        }
    }
}
