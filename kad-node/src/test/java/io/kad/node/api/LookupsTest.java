package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.QueryStats;
import io.kad.api.event.EventRegistration;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lookups in the background: how long and how much of them is kept, and where a watcher that reconnects goes on. */
@Timeout(180)
class LookupsTest {

    private static final HttpClient client = HttpClient.newHttpClient();
    private static final String PATH = "/lookups/closest-peers/%2Fapp%2Fx";
    private static final Duration LONG = Duration.ofMinutes(5);

    private final SubmissionPublisher<QueryEvent> events = new SubmissionPublisher<>();
    private CompletableFuture<ClosestPeersResult> result = new CompletableFuture<>();
    private NodeApi api;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        events.close();
        start(new Lookups.Limits(16, 64, 32 << 20, LONG));
    }

    private void start(Lookups.Limits limits) throws Exception {
        stop();
        api = new NodeApi(kad(), NodeSetup.UNKNOWN, limits);
        server = TestServer.loopback(api.routes());
    }

    private Kademlia kad() {
        return (Kademlia) Proxy.newProxyInstance(
                Kademlia.class.getClassLoader(),
                new Class<?>[] {Kademlia.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "config" -> KademliaConfig.builder().build();
                    case "onEvent" -> (EventRegistration) () -> {};
                    default -> query();
                });
    }

    private Object query() {
        Map<String, Object> results = Map.of("result", result, "events", events);
        return Proxy.newProxyInstance(
                Query.class.getClassLoader(),
                new Class<?>[] {Query.class},
                (proxy, method, arguments) -> results.get(method.getName()));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            api.close();
        }
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/api/v1" + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws Exception {
        return new ObjectMapper().readTree(response.body());
    }

    private String startLookup() throws Exception {
        HttpResponse<String> started = send("POST", PATH);
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        return json(started).path("id").asText();
    }

    private void awaitEnd(String id) {
        await().until(() -> json(send("GET", "/lookups/" + id)).path("ended").asBoolean());
    }

    private List<String> kept() throws Exception {
        return json(send("GET", "/lookups")).path("lookups").findValuesAsText("id");
    }

    /** A result of so many peers, whose lines have about a kibibyte each. */
    private static ClosestPeersResult peers(int count) {
        List<Multiaddr> addresses = IntStream.range(1, 12)
                .mapToObj(port -> Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port))
                .toList();
        return new ClosestPeersResult(
                IntStream.range(0, count)
                        .mapToObj(number -> PeerInfo.of(
                                PeerId.fromBytes(Multihash.sha256(Bytes.utf8("peer " + number))
                                        .bytes()),
                                addresses))
                        .toList(),
                QueryStats.NONE);
    }

    private static List<String> ids(HttpResponse<String> watched) {
        return watched.body()
                .lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring("id: ".length()))
                .toList();
    }

    @Test
    void aWatcherThatReconnectsGoesOnWhereItStoppedAndStopsAfterTheEnd() throws Exception {
        result.complete(peers(3));
        String events = "/lookups/" + startLookup() + "/events";
        assertThat(ids(send("GET", events))).containsExactly("0", "1", "2", "3");
        assertThat(ids(send("GET", events, "Last-Event-ID", "1"))).containsExactly("2", "3");
        assertThat(ids(send("GET", events + "?from=1"))).containsExactly("1", "2", "3");
        // The address of a reconnection is that of the first connection
        assertThat(ids(send("GET", events + "?from=1", "Last-Event-ID", "2"))).containsExactly("3");
        for (HttpResponse<String> ended : List.of(
                send("GET", events, "Last-Event-ID", "3"),
                send("GET", events + "?from=4"),
                send("GET", events, "Last-Event-ID", "10000"))) {
            assertThat(ended.statusCode()).isEqualTo(204);
            assertThat(ended.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "16385", "99999999999", "1,2"})
    void aPlaceThatIsNoneIsRefused(String place) throws Exception {
        String events = "/lookups/" + startLookup() + "/events";
        assertThat(send("GET", events, "Last-Event-ID", place).statusCode()).isEqualTo(400);
        assertThat(send("GET", events + "?from=" + place).statusCode()).isEqualTo(400);
        assertThat(send("GET", events + "?from=" + place, "Last-Event-ID", "1").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aLookupThatEndedLongAgoIsGoneWithoutAnotherOne() throws Exception {
        start(new Lookups.Limits(16, 64, 32 << 20, Duration.ofMillis(1)));
        String running = startLookup();
        result.complete(peers(1));
        result = new CompletableFuture<>();
        await().until(() -> send("GET", "/lookups/" + running).statusCode() == 404);
        String other = startLookup();
        assertThat(kept()).containsExactly(other);
        send("DELETE", "/lookups/" + other);
        await().until(() -> kept().isEmpty());
    }

    @Test
    void aResultThatExceedsTheLimitOfBytesEndsWithARefusal() throws Exception {
        result.complete(peers(3000));
        String id = startLookup();
        awaitEnd(id);
        JsonNode state = json(send("GET", "/lookups/" + id));
        int lines = state.path("lines").asInt();
        int dropped = state.path("dropped").asInt();
        assertThat(lines + dropped).isEqualTo(3002);
        assertThat(state.path("failure").asText()).isEqualTo("overloaded");
        assertThat(lines).isBetween(500, 2000);
        String watched = send("GET", "/lookups/" + id + "/events").body();
        assertThat(watched.length()).isBetween(Lookup.MAX_BYTES / 2, Lookup.MAX_BYTES + 4096);
        List<String> kept =
                watched.lines().filter(line -> line.startsWith("data: ")).toList();
        assertThat(kept).hasSize(lines);
        assertThat(kept.get(lines - 2)).contains("\"event\":\"dropped\",\"lines\":" + dropped);
        assertThat(kept.get(lines - 1)).contains("\"ok\":false", "overloaded", "application/x-ndjson");
    }

    @Test
    void allLookupsAreBoundedInBytesAndTheOldestThatHasEndedMakesRoom() throws Exception {
        start(new Lookups.Limits(2, 64, 4L * Lookup.MAX_BYTES, LONG));
        CompletableFuture<ClosestPeersResult> never = result;
        String running = startLookup();
        result = CompletableFuture.completedFuture(peers(3000));
        String first = startLookup();
        awaitEnd(first);
        String second = startLookup();
        awaitEnd(second);
        assertThat(kept()).containsExactly(running, first, second);
        String third = startLookup();
        awaitEnd(third);
        assertThat(kept()).containsExactly(running, first, second, third);
        String fourth = startLookup();
        assertThat(kept()).containsExactly(running, second, third, fourth);
        assertThat(never).isNotDone();
    }

    /** Whoever has seen the end may start the next lookup, so that the slot must be free by then. */
    @Test
    void aLookupLeavesItsSlotBeforeItsEndCanBeSeen() {
        List<Boolean> endedBefore = new ArrayList<>();
        result.complete(peers(1));
        Lookup lookup = lookup(endedBefore);
        lookup.start(kad()).join();
        assertThat(lookup.isEnded()).isTrue();
        assertThat(endedBefore).containsExactly(false);
    }

    /** Otherwise whoever starts and cancels lookups would have more of them than the limit. */
    @Test
    void aCancelledLookupKeepsItsSlotUntilItsCommandHasEnded() {
        List<Boolean> endedBefore = new ArrayList<>();
        Lookup lookup = lookup(endedBefore);
        var command = lookup.start(kad());
        lookup.cancel();
        lookup.cancel();
        assertThat(lookup.isEnded()).isTrue();
        command.join();
        assertThat(endedBefore).containsExactly(true);
    }

    private static Lookup lookup(List<Boolean> endedBefore) {
        AtomicReference<Lookup> leaving = new AtomicReference<>();
        leaving.set(new Lookup(
                "1",
                "closest-peers",
                "/app/x",
                Commands.parse("closest-peers", List.of(), List.of("/app/x")),
                () -> endedBefore.add(leaving.get().isEnded())));
        return leaving.get();
    }

    @Test
    void allLookupsAreBoundedInNumber() throws Exception {
        start(new Lookups.Limits(2, 2, 32 << 20, LONG));
        result.complete(peers(1));
        String first = startLookup();
        awaitEnd(first);
        String second = startLookup();
        awaitEnd(second);
        String third = startLookup();
        assertThat(kept()).containsExactly(second, third);
    }
}
