package io.kad.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.http.HttpServer;
import io.kad.node.http.TestServer;
import io.kad.wire.key.Ed25519Identity;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Events of a node as a stream, and what is known of its connected peers by them. */
@Timeout(180)
class EventsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient client = HttpClient.newHttpClient();

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private Kademlia kad;
    private Kademlia other;
    private NodeApi api;
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        kad = peer();
        other = peer();
        api = new NodeApi(kad, NodeSetup.UNKNOWN);
        server = TestServer.loopback(api.routes());
    }

    @AfterEach
    void stop() {
        server.close();
        api.close();
        kad.close();
        other.close();
    }

    private static Kademlia peer() throws Exception {
        Kademlia peer = Kademlia.builder()
                .identity(Ed25519Identity.generate(new SecureRandom()))
                .config(KademliaConfig.builder().mode(Mode.SERVER).build())
                .build();
        peer.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")).get(60, TimeUnit.SECONDS);
        return peer;
    }

    private HttpRequest to(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/api/v1" + path))
                .build();
    }

    /** Opens a stream of events; the caller reads or closes it. */
    private HttpResponse<InputStream> open() throws Exception {
        return client.send(to("/events"), BodyHandlers.ofInputStream());
    }

    /** Collects the lines of a stream of events until it ends. */
    private void collect() throws Exception {
        HttpResponse<Stream<String>> response = client.send(to("/events"), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        Thread reader = new Thread(() -> read(response.body()), "events-reader");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Stream<String> body) {
        try {
            body.forEach(lines::add);
        } catch (UncheckedIOException closed) {
            lines.add(": closed");
        }
    }

    private List<JsonNode> events() throws Exception {
        List<JsonNode> events = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("data: ")) {
                events.add(JSON.readTree(line.substring("data: ".length())));
            }
        }
        return events;
    }

    private boolean came(String event) throws Exception {
        return events().stream()
                .anyMatch(line -> line.path("event").asText().equals(event)
                        && line.path("peerId").asText().equals(other.peerId().toString()));
    }

    private JsonNode agents() throws Exception {
        return JSON.readTree(client.send(to("/agents"), BodyHandlers.ofString()).body())
                .path("agents");
    }

    private void connect() throws Exception {
        other.connect(PeerInfo.of(kad.peerId(), kad.addresses()), Duration.ofSeconds(60))
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void eventsComeAsTheyHappenWithoutRequestsAndEndWithTheNode() throws Exception {
        collect();
        connect();
        await().atMost(Duration.ofMinutes(1)).until(() -> came("peer-identified") && came("routing-updated"));
        other.getClosestPeers(Bytes.utf8("/app/x"), 1).result().get(60, TimeUnit.SECONDS);
        other.close();
        await().atMost(Duration.ofMinutes(1)).until(() -> came("peer-disconnected"));
        assertThat(events())
                .extracting(line -> line.path("event").asText())
                .doesNotContain("inbound-request")
                .containsSubsequence("peer-connected", "peer-identified", "peer-disconnected");
    }

    @Test
    void agentVersionsAreThoseOfConnectedPeers() throws Exception {
        assertThat(agents()).isEmpty();
        connect();
        await().atMost(Duration.ofMinutes(1)).until(() -> !agents().isEmpty());
        assertThat(agents()).hasSize(1);
        assertThat(agents().path(0).path("peerId").asText())
                .isEqualTo(other.peerId().toString());
        assertThat(agents().path(0).path("agent").asText()).startsWith("kad/");
        other.close();
        await().atMost(Duration.ofMinutes(1)).until(() -> agents().isEmpty());
    }

    @Test
    void streamsAreBoundedAndOneThatIsLeftMakesRoom() throws Exception {
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i < Events.MAX_WATCHED; i++) {
            HttpResponse<InputStream> response = open();
            assertThat(response.statusCode()).isEqualTo(200);
            streams.add(response.body());
        }
        HttpResponse<InputStream> refused = open();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        refused.body().close();
        streams.remove(0).close();
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            HttpResponse<InputStream> again = open();
            streams.add(again.body());
            return again.statusCode() == 200;
        });
        for (InputStream stream : streams) {
            stream.close();
        }
    }

    /** Publisher whose subscription begins when the test says so. */
    private static final class LatePublisher implements Flow.Publisher<DhtEvent> {

        private final CompletableFuture<Flow.Subscriber<? super DhtEvent>> subscriber = new CompletableFuture<>();

        @Override
        public void subscribe(Flow.Subscriber<? super DhtEvent> given) {
            subscriber.complete(given);
        }
    }

    private record Calls(List<String> made) implements Flow.Subscription {

        @Override
        public void request(long count) {
            made.add("request");
        }

        @Override
        public void cancel() {
            made.add("cancel");
        }
    }

    @Test
    void aSubscriptionThatBeginsAfterTheEndOfItsStreamIsCancelled() throws Exception {
        LatePublisher events = new LatePublisher();
        Kademlia late = (Kademlia) Proxy.newProxyInstance(
                Kademlia.class.getClassLoader(),
                new Class<?>[] {Kademlia.class},
                (proxy, method, arguments) ->
                        method.getName().equals("events") ? events : method.invoke(kad, arguments));
        try (NodeApi ofLate = new NodeApi(late, NodeSetup.UNKNOWN);
                HttpServer atLate = TestServer.loopback(ofLate.routes())) {
            HttpRequest head = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + atLate.address().getPort() + "/api/v1/events"))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(head, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            Calls calls = new Calls(new CopyOnWriteArrayList<>());
            Flow.Subscriber<? super DhtEvent> subscriber = events.subscriber.get(60, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                calls.made().clear();
                subscriber.onSubscribe(calls);
                return calls.made().equals(List.of("cancel"));
            });
        }
    }
}
