package io.kad.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.bench.cli.CommandException;
import io.kad.bench.measure.LoadMetrics;
import io.kad.bench.measure.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpLoadTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Pause of a server within its response, longer than a busy machine makes of two parts one. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static HttpPlan plan(URI url, int connections, long minBytes, Duration timeout) {
        Times times = new Times(Duration.ZERO, Duration.ofMillis(300), timeout);
        return new HttpPlan(url, "application/x-ndjson", connections, minBytes, times);
    }

    private static HttpResult runUntil(Predicate<HttpMeasurement> over, HttpPlan plan) throws InterruptedException {
        try (HttpLoad load = new HttpLoad(plan)) {
            HttpMeasurement measurement = new HttpMeasurement(System.nanoTime());
            load.run(measurement, () -> over.test(measurement));
            LoadMetrics metrics = new LoadMetrics(measurement.requests(), plan.times(), 0, Optional.empty());
            return new HttpResult(plan, metrics, measurement);
        }
    }

    private static Predicate<HttpMeasurement> ended(long requests) {
        return measurement -> measurement.requests().requests() >= requests;
    }

    @Test
    void eachConnectionIsKeptAndSendsWhatThePlanSays() throws IOException, InterruptedException {
        Set<String> sent = ConcurrentHashMap.newKeySet();
        try (StubHttpServer server = new StubHttpServer(exchange -> {
            sent.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Accept"));
            StubHttpServer.respond(exchange, 200, "{}\n", "{}\n{", "}\n");
        })) {
            HttpPlan plan = plan(server.url("/a%2Fb?c=d"), 5, 9, TIMEOUT);
            HttpResult result =
                    runUntil(ended(50).and(measurement -> server.clients().size() == 5), plan);
            assertThat(sent).containsExactly("GET /a%2Fb?c=d application/x-ndjson");
            assertThat(server.clients()).hasSize(5);
            assertThat(result.metrics().requests()).isEqualTo(server.requests());
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.metrics().missed()).isZero();
            ObjectNode json = result.json();
            assertThat(json.get("bytesPerResponse").asDouble()).isEqualTo(9);
            assertThat(json.get("linesPerResponse").asDouble()).isEqualTo(3);
            assertThat(json.get("connections").asInt()).isEqualTo(5);
        }
    }

    @Test
    void aRunEndsWithItsTimeAndItsLastResponse() throws IOException, InterruptedException {
        try (StubHttpServer server = new StubHttpServer(exchange -> StubHttpServer.respond(exchange, 200, "{}"));
                HttpLoad load = new HttpLoad(plan(server.url("/"), 2, 0, TIMEOUT))) {
            ObjectNode json = load.measure(Optional.empty()).json();
            assertThat(json.get("requests").asInt()).isEqualTo(server.requests());
            assertThat(json.get("errors")).isEmpty();
            assertThat(json.get("seconds").asDouble()).isEqualTo(0.3);
        }
    }

    @Test
    void theLatencyIsThatOfTheLastByteAndNotOfTheFirst() throws IOException, InterruptedException {
        try (StubHttpServer server = new StubHttpServer(exchange -> {
            StubHttpServer.respond(exchange, 200, "first\n");
            await(new CountDownLatch(1), PAUSE);
            exchange.getResponseBody().write('\n');
        })) {
            ObjectNode json =
                    runUntil(ended(1), plan(server.url("/"), 1, 0, TIMEOUT)).json();
            double first = json.get("firstByteMillis").get("p50").asDouble();
            assertThat(json.get("latencyMillis").get("p50").asDouble())
                    .isGreaterThan(first)
                    .isGreaterThan(0.99 * PAUSE.toMillis());
        }
    }

    @Test
    void aBodyThatIsTooShortIsMissed() throws IOException, InterruptedException {
        try (StubHttpServer server = new StubHttpServer(exchange -> StubHttpServer.respond(exchange, 200, "{}\n"))) {
            HttpResult result = runUntil(ended(2), plan(server.url("/"), 1, 4, TIMEOUT));
            assertThat(result.metrics().missed()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"503, HTTP_503", "404, HTTP_404"})
    void aRefusalIsAnErrorAndNoLatency(int status, String kind) throws IOException, InterruptedException {
        try (StubHttpServer server =
                new StubHttpServer(exchange -> StubHttpServer.respond(exchange, status, "{\"ok\":false}"))) {
            HttpResult result = runUntil(ended(4), plan(server.url("/"), 2, 0, TIMEOUT));
            assertThat(result.metrics().succeeded()).isZero();
            assertThat(result.json().get("errors").get(kind).asLong())
                    .isEqualTo(result.metrics().requests());
        }
    }

    /** A second request needs a new connection, as the first one is still in use. */
    @Test
    void aResponseThatDoesNotEndInTimeIsAnErrorAndItsConnectionIsReplaced() throws IOException, InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try (StubHttpServer server = new StubHttpServer(exchange -> {
            StubHttpServer.respond(exchange, 200, "first\n");
            await(end, TIMEOUT);
        })) {
            HttpResult result = runUntil(ended(2), plan(server.url("/"), 1, 0, Duration.ofMillis(500)));
            end.countDown();
            assertThat(result.metrics().succeeded()).isZero();
            assertThat(result.json().get("errors").get("TIMEOUT").asLong()).isEqualTo(2);
        }
    }

    @Test
    void aServerThatClosesEachConnectionServesAllRequests() throws IOException, InterruptedException {
        try (StubHttpServer server = new StubHttpServer(exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            StubHttpServer.respond(exchange, 200, "{}\n");
        })) {
            HttpResult result = runUntil(ended(5), plan(server.url("/"), 2, 0, TIMEOUT));
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.metrics().requests())
                    .isEqualTo(server.clients().size())
                    .isGreaterThanOrEqualTo(5);
        }
    }

    /** Returns a socket of the loopback interface that is bound and does not listen: nobody else can listen there. */
    private static Socket refusing() throws IOException {
        Socket bound = new Socket();
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound;
    }

    private static URI urlOf(Socket bound) {
        return URI.create("http://127.0.0.1:" + bound.getLocalPort() + "/");
    }

    @Test
    void aServerThatGoesAwayIsCounted() throws IOException, InterruptedException {
        try (Socket gone = refusing()) {
            HttpResult result = runUntil(ended(2), plan(urlOf(gone), 1, 0, TIMEOUT));
            assertThat(result.json().get("errors").get("CONNECT").asLong()).isEqualTo(2);
            assertThat(result.json().get("ok").asBoolean()).isFalse();
        }
    }

    @Test
    void aServerThatIsNotThereIsOneClearLineAndNoRun() throws IOException {
        try (Socket gone = refusing()) {
            assertNoRun(urlOf(gone), "Connection refused");
        }
    }

    /** The name is longer than DNS allows, so that nobody is asked for it. */
    @Test
    void aHostThatDoesNotExistIsOneClearLineAndNoRun() {
        assertNoRun(URI.create("http://" + "h".repeat(64) + "/"), "its host has no address");
    }

    private static void assertNoRun(URI url, String cause) {
        try (HttpLoad load = new HttpLoad(plan(url, 1, 0, TIMEOUT))) {
            assertThatThrownBy(() -> load.measure(Optional.empty()))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("cannot connect to " + url + ": " + cause + "; give the address of a running node");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://127.0.0.1/, 1, 0, invalid URL https://127.0.0.1/: expected one such as http://",
        "/path, 1, 0, invalid URL /path",
        "http://127.0.0.1:70000/, 1, 0, invalid URL http://127.0.0.1:70000/: expected a port of 1 to 65535",
        "http://127.0.0.1:0/, 1, 0, expected a port of 1 to 65535",
        "http://127.0.0.1/, 0, 0, invalid --connections 0: expected 1 to 1000",
        "http://127.0.0.1/, 1, -1, invalid --min-bytes -1: expected 0 or more"
    })
    void valuesThatAreOutOfRangeAreNamed(URI url, int connections, long minBytes, String message) {
        assertThatThrownBy(() -> plan(url, connections, minBytes, TIMEOUT))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(message);
    }

    private static void await(CountDownLatch latch, Duration time) {
        try {
            boolean unused = latch.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the server ends
        }
    }
}
