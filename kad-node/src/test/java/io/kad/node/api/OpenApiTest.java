package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.MediaType;
import io.kad.node.http.TestServer;
import io.kad.node.option.GlobalOptions;
import io.kad.node.task.TaskCommands;
import io.kad.wire.key.Ed25519Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenAPI document says of each operation what the server does. */
@Timeout(180)
class OpenApiTest {

    private static final HttpClient client = HttpClient.newHttpClient();
    private static final int K = 7;
    private static final Kademlia kad = Kademlia.builder()
            .identity(Ed25519Identity.generate(new SecureRandom()))
            .config(KademliaConfig.builder().set("k", String.valueOf(K)).build())
            .build();
    private static final NodeApi api = new NodeApi(kad, NodeSetup.UNKNOWN);
    private static final JsonNode document = parsed(api.document().toString());

    private static HttpServer server;

    /** Right values of the parameters of paths, and of those that are required. */
    private static final Map<String, String> RIGHT = Map.of(
            "key", "0x01",
            "peer", kad.peerId().toString(),
            "address", "/ip4/127.0.0.1/tcp/1/p2p/" + kad.peerId(),
            "mode", "server",
            "id", "1",
            "bucket", "255",
            "command", "get");

    /** Operation of the document. */
    private record Described(String method, String path, JsonNode json) {

        List<JsonNode> parameters(Predicate<JsonNode> which) {
            List<JsonNode> parameters = new ArrayList<>();
            json.path("parameters").forEach(parameter -> {
                if (which.test(parameter)) {
                    parameters.add(parameter);
                }
            });
            return parameters;
        }

        List<JsonNode> in(String place) {
            return parameters(parameter -> parameter.path("in").asText().equals(place));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static JsonNode parsed(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kad.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(60, TimeUnit.SECONDS);
        server = TestServer.loopback(api.routes());
    }

    @AfterAll
    static void stop() {
        server.close();
        api.close();
        kad.close();
    }

    static Stream<Described> operations() {
        return document.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(operation -> new Described(
                                operation.getKey().toUpperCase(Locale.ROOT), path.getKey(), operation.getValue())));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Returns the refusal of a request with right values but {@code query} and {@code headers}. */
    private static String refusal(Described operation, Map<String, String> query, String... headers) throws Exception {
        return refusal(operation, send(operation, RIGHT, query, headers));
    }

    private static String refusal(Described operation, Answer response) throws Exception {
        assertThat(response.statusCode()).as(operation + ": " + response.body()).isEqualTo(400);
        return new ObjectMapper().readTree(response.body()).path("message").asText();
    }

    /** Status and body; the body of a stream of events, which may have no end, is left out. */
    private record Answer(int statusCode, String body) {

        static Answer of(HttpResponse<InputStream> response) throws IOException {
            boolean isStream = response.headers()
                    .firstValue("Content-Type")
                    .filter(MediaType.EVENT_STREAM::equals)
                    .isPresent();
            try (InputStream body = response.body()) {
                return new Answer(
                        response.statusCode(), isStream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static Answer send(
            Described operation, Map<String, String> inPath, Map<String, String> query, String... headers)
            throws Exception {
        String path = operation.path();
        for (JsonNode parameter : operation.in("path")) {
            String name = parameter.path("name").asText();
            path = path.replace("{" + name + "}", encoded(inPath.get(name)));
        }
        String parameters = query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + path + "?" + parameters))
                .method(operation.method(), HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Answer.of(client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void parametersAreThoseThatTheServerTakes(Described operation) throws Exception {
        assertThat(refusal(operation, Map.of("nonsense", "1"))).contains("unknown parameter 'nonsense'");
        for (JsonNode parameter : operation.in("query")) {
            String name = parameter.path("name").asText();
            assertThat(refusal(operation, Map.of(name, ""))).contains("invalid " + name);
            if (parameter.path("required").asBoolean()) {
                assertThat(refusal(operation, Map.of())).containsIgnoringCase("missing");
            }
        }
    }

    /** The peer knows no other one: what needs the network fails, but nothing is wrong usage. */
    @ParameterizedTest
    @MethodSource("operations")
    void examplesAreTaken(Described operation) throws Exception {
        Map<String, String> inPath = new HashMap<>();
        Map<String, String> query = new HashMap<>();
        for (JsonNode parameter : operation.parameters(any -> true)) {
            JsonNode schema = parameter.path("schema");
            String example = schema.has("example")
                    ? schema.path("example").asText()
                    : schema.has("enum")
                            ? schema.path("enum").path(0).asText()
                            : schema.path("minimum").asText();
            if (parameter.path("name").asText().equals("after")) {
                continue; // no one knows a page before
            }
            assertThat(example).as(parameter.toString()).isNotEmpty();
            if (!parameter.path("in").asText().equals("header")) {
                (parameter.path("in").asText().equals("path") ? inPath : query)
                        .put(parameter.path("name").asText(), example);
            }
        }
        Answer response = send(operation, inPath, query);
        assertThat(response.statusCode()).as(response.body()).isNotIn(400, 500);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void numbersOutOfTheirRangesAreRefused(Described operation) throws Exception {
        Predicate<JsonNode> isNumber =
                parameter -> parameter.path("schema").path("type").asText().equals("integer");
        for (JsonNode parameter : operation.parameters(isNumber)) {
            String name = parameter.path("name").asText();
            long min = parameter.path("schema").path("minimum").asLong();
            long max = parameter.path("schema").path("maximum").asLong();
            for (String wrong : List.of(String.valueOf(min - 1), String.valueOf(max + 1), "x", "1.5")) {
                assertThat(refusalOf(operation, parameter.path("in").asText(), name, wrong))
                        .contains(name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operations")
    void valuesThatAreNotListedAreRefused(Described operation) throws Exception {
        for (JsonNode parameter : operation.in("query")) {
            if (parameter.path("schema").has("enum")) {
                String name = parameter.path("name").asText();
                assertThat(refusal(operation, Map.of(name, "null"))).contains("invalid " + name, "got 'null'");
            }
        }
    }

    @Test
    void onlyADiagnosisMayEndWithFaults() {
        assertThat(document.at("/components/schemas/Result/properties/ok/enum").toString())
                .isEqualTo("[true]");
        assertThat(document.at("/components/schemas/Findings/properties/ok/enum")
                        .toString())
                .isEqualTo("[true,false]");
        assertThat(document.findValuesAsText("$ref").stream().filter(ref -> ref.endsWith("/Findings")))
                .hasSize(1);
    }

    private static String refusalOf(Described operation, String in, String name, String wrong) throws Exception {
        if (in.equals("header")) {
            return refusal(operation, Map.of(), name, wrong);
        } else if (in.equals("query")) {
            return refusal(operation, Map.of(name, wrong));
        }
        Map<String, String> inPath = new HashMap<>(RIGHT);
        inPath.put(name, wrong);
        return refusal(operation, send(operation, inPath, Map.of()));
    }

    @Test
    void limitsAreThoseOfTheConfiguration() {
        JsonNode closest = document.at("/paths/~1api~1v1~1closest-peers~1{key}/get/parameters");
        assertThat(closest.findParents("name"))
                .filteredOn(parameter -> parameter.path("name").asText().equals("count"))
                .singleElement()
                .satisfies(count ->
                        assertThat(count.path("schema").path("maximum").asInt()).isEqualTo(K));
        JsonNode put = document.at("/paths/~1api~1v1~1records~1{key}/put/requestBody");
        assertThat(put.findValue("maxLength").asInt()).isEqualTo(kad.config().get(KademliaConfig.MAX_MESSAGE_BYTES));
    }

    @Test
    void linesThatASlowClientMissesAreDescribed() {
        JsonNode lines = document.at(
                "/paths/~1api~1v1~1providers~1{key}/get/responses/200/content/application~1x-ndjson/schema/description");
        assertThat(lines.asText()).contains("dropped", "overloaded");
    }

    @Test
    void whatChangesSomethingNamesItsSecurityAndTheOthersNone() {
        assertThat(document.at("/components/securitySchemes/token/scheme").asText())
                .isEqualTo("bearer");
        operations().forEach(operation -> {
            boolean changes = !operation.method().equals("GET");
            assertThat(operation.json().at("/security/0").has("token"))
                    .as(operation.toString())
                    .isEqualTo(changes);
        });
    }

    /** Each option of a command is a parameter, but those that only its lines need. */
    @Test
    void commandsHaveAllTheirOptions() {
        Map<String, String> commands = Map.of(
                "getRecord", "get",
                "putRecord", "put",
                "findProviders", "find-providers",
                "findPeer", "find-peer",
                "closestPeers", "closest-peers",
                "ping", "ping",
                "identify", "identify",
                "removeAddress", "remove-address");
        Set<String> seen = new TreeSet<>();
        operations().forEach(operation -> {
            String command = commands.get(operation.json().path("operationId").asText());
            if (command == null) {
                return;
            }
            seen.add(command);
            Set<String> options = new TreeSet<>();
            TaskCommands.commandLine(command, TaskCommands.ofSession(command), () -> 0, new GlobalOptions())
                    .getCommandSpec()
                    .options()
                    .forEach(option -> options.add(option.longestName().substring(2)));
            options.removeAll(Set.of("json", "debug"));
            Set<String> documented = new TreeSet<>();
            operation
                    .in("query")
                    .forEach(parameter -> documented.add(parameter.path("name").asText()));
            documented.remove("address");
            assertThat(documented).as(command).isEqualTo(options);
        });
        assertThat(seen).hasSameSizeAs(commands.keySet());
    }
}
