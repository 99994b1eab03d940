package io.kad.node.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.RoutingTableView;
import io.kad.api.StoreSizes;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.node.http.HttpServer;
import io.kad.node.http.Response;
import io.kad.node.http.Route;
import io.kad.node.http.RouteGroup;
import io.kad.node.http.TestServer;
import io.kad.node.http.limit.HttpLimits;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each reason for which a node is not alive or not ready. */
@Timeout(60)
@SuppressWarnings("FutureReturnValueIgnored") // the node that is checked awaits them
class HealthChecksTest {

    private static final PeerId SELF =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("self")).bytes());
    private static final PeerId OTHER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("other")).bytes());

    /** What each method of the node returns. */
    private final Map<String, Supplier<Object>> results = new HashMap<>(Map.of(
            "peerId",
            () -> SELF,
            "removeAddress",
            () -> CompletableFuture.completedFuture(false),
            "storeSizes",
            () -> CompletableFuture.completedFuture(new StoreSizes(0, 0)),
            "addresses",
            () -> List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")),
            "routingTable",
            () -> new RoutingTableView(List.of(new RoutingTableView.Entry(OTHER, 255, true, List.of())))));

    private final Kademlia kad = (Kademlia) Proxy.newProxyInstance(
            Kademlia.class.getClassLoader(),
            new Class<?>[] {Kademlia.class},
            (proxy, method, arguments) -> results.get(method.getName()).get());

    /** Returns the answer of a path, after its status. */
    private JsonNode check(String path, int status, boolean expectsPeers) throws Exception {
        HealthChecks checks = new HealthChecks(kad, expectsPeers, Duration.ofMillis(200));
        try (HttpServer server = TestServer.loopback(RouteGroup.of("", checks.routes()))) {
            HttpResponse<String> response = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                            + server.address().getPort() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            JsonNode body = new ObjectMapper().readTree(response.body());
            assertThat(body.path("event").asText()).isEqualTo("health");
            assertThat(body.path("ok").asBoolean()).isEqualTo(status == 200);
            return body.path("checks");
        }
    }

    private static List<String> names(JsonNode checks) {
        return checks.findValuesAsText("name");
    }

    /** Asserts that this check alone has failed, and says why and what to do. */
    private static void assertFailed(JsonNode checks, String name, String cause) {
        for (JsonNode check : checks) {
            boolean failed = check.path("name").asText().equals(name);
            assertThat(check.path("pass").asBoolean()).as(check.toString()).isEqualTo(!failed);
            assertThat(check.path("cause").asText()).contains(failed ? cause : "");
            assertThat(check.path("advice").asText().isEmpty()).isEqualTo(!failed);
        }
        assertThat(names(checks)).contains(name);
    }

    @Test
    void aHealthyNodeIsAliveAndReady() throws Exception {
        assertThat(names(check("/healthz", 200, true))).containsExactly("engine", "stores");
        assertThat(names(check("/readyz", 200, true))).containsExactly("engine", "stores", "listening", "peers");
    }

    @Test
    void probesAreAnsweredWhileAllPermitsAreTaken() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(HttpLimits.DEFAULT.running());
        Route waiting = Route.get("/waiting", (request, exchange) -> {
            taken.countDown();
            release.await();
            exchange.send(Response.empty(204));
        });
        List<Route> routes = new ArrayList<>(new HealthChecks(kad, true).routes());
        routes.add(waiting);
        HttpClient client = HttpClient.newHttpClient();
        try (HttpServer server = TestServer.loopback(RouteGroup.of("", routes))) {
            String base = "http://127.0.0.1:" + server.address().getPort();
            HttpRequest toWaiting =
                    HttpRequest.newBuilder(URI.create(base + "/waiting")).build();
            List<CompletableFuture<HttpResponse<String>>> served = new ArrayList<>();
            for (int i = 0; i < HttpLimits.DEFAULT.running(); i++) {
                served.add(client.sendAsync(toWaiting, HttpResponse.BodyHandlers.ofString()));
            }
            taken.await();
            assertThat(client.send(toWaiting, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(503);
            for (String probe : List.of("/healthz", "/readyz")) {
                HttpRequest toProbe =
                        HttpRequest.newBuilder(URI.create(base + probe)).build();
                assertThat(client.send(toProbe, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .as(probe)
                        .isEqualTo(200);
            }
            release.countDown();
            for (CompletableFuture<HttpResponse<String>> response : served) {
                assertThat(response.get().statusCode()).isEqualTo(204);
            }
        }
    }

    @Test
    void anEngineThatDoesNotRespondIsDead() throws Exception {
        results.put("removeAddress", CompletableFuture::new);
        assertFailed(check("/healthz", 503, true), "engine", "timed out");
        assertFailed(check("/readyz", 503, true), "engine", "timed out");
    }

    @Test
    void aNodeThatIsClosedIsDead() throws Exception {
        results.put(
                "removeAddress", () -> CompletableFuture.failedFuture(new KadException.Closed("the peer is closed")));
        assertFailed(check("/healthz", 503, true), "engine", "the peer is closed");
    }

    @Test
    void storesThatFailOrDoNotRespondAreDead() throws Exception {
        results.put(
                "storeSizes",
                () -> CompletableFuture.failedFuture(
                        new KadException.StoreFailed("disk on fire", new IllegalStateException())));
        assertFailed(check("/healthz", 503, true), "stores", "disk on fire");
        results.put("storeSizes", CompletableFuture::new);
        assertFailed(check("/readyz", 503, true), "stores", "timed out");
    }

    @Test
    void aNodeWithoutAListenerIsNotReady() throws Exception {
        results.put("addresses", List::of);
        check("/healthz", 200, true);
        assertFailed(check("/readyz", 503, true), "listening", "no listener");
    }

    @Test
    void aNodeWithoutPeersIsNotReadyUnlessItIsTheFirstOne() throws Exception {
        results.put("routingTable", () -> new RoutingTableView(List.of()));
        check("/healthz", 200, true);
        assertFailed(check("/readyz", 503, true), "peers", "the routing table is empty");
        check("/readyz", 200, false);
    }

    @Test
    void eachScrapeTellsWhichChecksPass() {
        AtomicLong nanos = new AtomicLong();
        try (NodeMetrics metrics = new NodeMetrics()) {
            metrics.addHealth(new HealthChecks(kad, true, Duration.ofMillis(200)), nanos::get);
            assertThat(metrics.scrape())
                    .contains("kad_health{check=\"engine\"} 1.0")
                    .contains("kad_health{check=\"stores\"} 1.0")
                    .contains("kad_health{check=\"listening\"} 1.0")
                    .contains("kad_health{check=\"peers\"} 1.0");
            results.put("removeAddress", CompletableFuture::new); // never answered
            results.put("routingTable", () -> new RoutingTableView(List.of()));
            nanos.addAndGet(1_000_000_000);
            assertThat(metrics.scrape())
                    .contains("kad_health{check=\"engine\"} 0.0")
                    .contains("kad_health{check=\"stores\"} 1.0")
                    .contains("kad_health{check=\"peers\"} 0.0");
        }
    }

    @Test
    void scrapesOfASecondShareARun() {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger runs = new AtomicInteger();
        results.put("storeSizes", () -> {
            runs.incrementAndGet();
            return CompletableFuture.completedFuture(new StoreSizes(0, 0));
        });
        try (NodeMetrics metrics = new NodeMetrics()) {
            metrics.addHealth(new HealthChecks(kad, true), nanos::get);
            for (int scrape = 0; scrape < 3; scrape++) {
                assertThat(metrics.scrape()).contains("kad_health{check=\"stores\"} 1.0");
            }
            assertThat(runs).hasValue(1);
            nanos.addAndGet(1_000_000_000);
            metrics.scrape();
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void aScrapeThatIsInterruptedLeavesTheGaugesAsTheyAre() {
        AtomicLong nanos = new AtomicLong();
        try (NodeMetrics metrics = new NodeMetrics()) {
            metrics.addHealth(new HealthChecks(kad, true), nanos::get);
            metrics.scrape();
            CompletableFuture<Object> answer = new CompletableFuture<>();
            results.put("removeAddress", () -> answer);
            nanos.addAndGet(1_000_000_000);
            Thread.currentThread().interrupt();
            String scrape = metrics.scrape();
            assertThat(Thread.interrupted()).isTrue();
            answer.complete(false);
            assertThat(scrape).contains("kad_health{check=\"engine\"} 1.0");
        }
    }
}
