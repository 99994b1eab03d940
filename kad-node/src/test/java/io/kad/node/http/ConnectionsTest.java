package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.id.Bytes;
import io.kad.node.http.limit.HttpLimits;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections, their limits and times, and streamed answers. */
@Timeout(180)
@SuppressWarnings("FutureReturnValueIgnored") // the client sees whether a chunk was written
class ConnectionsTest {

    private static final Duration SHORT = Duration.ofMillis(200);
    /** Time for a request that must come in time, though the server counts it from when it accepts the connection. */
    private static final Duration REQUEST = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofSeconds(100);
    private static final int MIB = 1 << 20;

    @RegisterExtension
    final TestServer servers = new TestServer();

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    private final Route quick = Route.get("/quick", (request, exchange) -> exchange.send(Response.empty(204)));
    private final Route waiting = Route.get("/waiting", this::waitForRelease).asQuery();

    private void waitForRelease(Request request, Exchange exchange) throws InterruptedException {
        started.incrementAndGet();
        try {
            release.await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        }
        exchange.send(Response.empty(204));
    }

    @Test
    void aClientOfHttp10OrThatSaysSoHasItsConnectionClosed() throws Exception {
        HttpServer server = servers.start(HttpLimits.DEFAULT, quick);
        for (String head : List.of("HTTP/1.0\r\n\r\n", "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
            try (RawClient client = new RawClient(server.address())) {
                client.write("GET /quick " + head);
                assertThat(client.answer().header("Connection")).isEqualTo("close");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Test
    void aConnectionThatSendsNoRequestInTimeIsClosed() throws Exception {
        HttpServer server = servers.start(TestServer.times(SHORT, LONG, LONG), quick);
        try (RawClient silent = new RawClient(server.address());
                RawClient slow = new RawClient(server.address())) {
            slow.write("GET /quick HTTP/1.1\r\nHost:");
            assertThat(silent.rest()).isEmpty();
            assertThat(slow.rest()).isEmpty();
        }
    }

    @Test
    void aConnectionThatSendsNoFurtherRequestInTimeIsClosed() throws Exception {
        HttpServer server = servers.start(TestServer.times(LONG, SHORT, LONG), quick);
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /quick");
            assertThat(client.answer().status()).isEqualTo(204);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aBodyThatDoesNotComeInTimeIsRefused() throws Exception {
        Route post = Route.change("POST", "/post", (request, exchange) -> exchange.send(Response.empty(204)))
                .consuming("text/plain", 10);
        HttpServer server = servers.start(TestServer.times(REQUEST, LONG, LONG), post);
        try (RawClient client = new RawClient(server.address())) {
            client.send("POST /post", "Content-Type: text/plain", "Content-Length: 2");
            client.write("x");
            assertThat(client.answer().status()).isEqualTo(408);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void connectionsAreBoundedAndOneThatEndsMakesRoom() throws Exception {
        HttpServer server = servers.start(TestServer.counts(2, 8, 4, MIB, MIB), quick);
        try (RawClient first = new RawClient(server.address())) {
            try (RawClient second = new RawClient(server.address())) {
                for (RawClient client : List.of(first, second)) {
                    client.send("GET /quick");
                    assertThat(client.answer().status()).isEqualTo(204);
                }
                try (RawClient third = new RawClient(server.address())) {
                    assertThat(third.rest()).isEmpty();
                }
            }
            await().until(() -> isServed(server));
        }
    }

    private static boolean isServed(HttpServer server) {
        try {
            return RawClient.request(server.address(), "GET /quick").status() == 204;
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void queriesAreBoundedAndLeaveRoomForOthers() throws Exception {
        HttpServer server = servers.start(TestServer.counts(100, 3, 2, MIB, MIB), quick, waiting);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                RawClient client = new RawClient(server.address());
                clients.add(client);
                client.send("GET /waiting");
            }
            await().until(() -> started.get() == 2);
            RawClient.Answer refused = RawClient.request(server.address(), "GET /waiting");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(refused.json().path("code").asText()).isEqualTo("overloaded");
            assertThat(RawClient.request(server.address(), "GET /quick").status())
                    .isEqualTo(204);
            release.countDown();
            for (RawClient client : clients) {
                assertThat(client.answer().status()).isEqualTo(204);
            }
            assertThat(RawClient.request(server.address(), "GET /waiting").status())
                    .isEqualTo(204);
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void allHandlersAreBoundedTogether() throws Exception {
        Route slow = Route.get("/slow", this::waitForRelease);
        HttpServer server = servers.start(TestServer.counts(100, 1, 1, MIB, MIB), quick, slow);
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /slow");
            await().until(() -> started.get() == 1);
            assertThat(RawClient.request(server.address(), "GET /quick").status())
                    .isEqualTo(503);
            release.countDown();
            assertThat(client.answer().status()).isEqualTo(204);
        }
    }

    @Test
    void bodiesAreBoundedTogetherAndReturnTheirBytes() throws Exception {
        Route post = Route.change("POST", "/post", (request, exchange) -> exchange.send(Response.empty(204)))
                .consuming("text/plain", 100);
        HttpServer server = servers.start(TestServer.counts(100, 8, 4, 100, MIB), post);
        try (RawClient first = new RawClient(server.address())) {
            first.send("POST /post", "Content-Type: text/plain", "Content-Length: 80");
            first.write("x".repeat(79));
            await().until(() -> post(server, 50) == 503);
            assertThat(post(server, 10)).isEqualTo(204);
            first.write("x");
            assertThat(first.answer().status()).isEqualTo(204);
            await().until(() -> post(server, 100) == 204);
        }
    }

    private static int post(HttpServer server, int bytes) throws IOException {
        try (RawClient client = new RawClient(server.address())) {
            client.send("POST /post", "Content-Type: text/plain", "Content-Length: " + bytes);
            client.write("x".repeat(bytes));
            return client.answer().status();
        }
    }

    @Test
    void aHandlerIsInterruptedWhenItsClientIsGone() throws Exception {
        HttpServer server = servers.start(HttpLimits.DEFAULT, waiting);
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /waiting");
            await().until(() -> started.get() == 1);
        }
        await().until(() -> interrupted.get() == 1);
    }

    @Test
    void aStreamArrivesChunkByChunk() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(HttpLimits.DEFAULT, streaming(stream), quick);
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /stream");
            assertThat(client.head().header("Transfer-Encoding")).isEqualTo("chunked");
            for (String chunk : List.of("one", "two")) {
                stream.get(60, TimeUnit.SECONDS).write(Bytes.utf8(chunk)).get(60, TimeUnit.SECONDS);
                assertThat(client.chunk()).isEqualTo(chunk);
            }
            stream.get().end();
            assertThat(client.chunk()).isEmpty();
            client.send("GET /quick");
            assertThat(client.answer().status()).isEqualTo(204);
        }
        assertThatThrownBy(() -> stream.get().write(Bytes.utf8("late")).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
    }

    private static Route streaming(CompletableFuture<ResponseStream> stream) {
        return Route.get("/stream", (request, exchange) -> {
            exchange.onEnd(() -> stream.thenAccept(ResponseStream::end));
            stream.complete(exchange.stream(Response.head(200, "text/plain")));
        });
    }

    @Test
    void aStreamToAnOldClientEndsWithItsConnection() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(HttpLimits.DEFAULT, streaming(stream));
        try (RawClient client = new RawClient(server.address())) {
            client.write("GET /stream HTTP/1.0\r\n\r\n");
            assertThat(client.head().header("Transfer-Encoding")).isEmpty();
            stream.get(60, TimeUnit.SECONDS).write(Bytes.utf8("one"));
            stream.get().end();
            assertThat(client.rest()).isEqualTo("one");
        }
    }

    @Test
    void headOfAStreamEndsAtOnce() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(HttpLimits.DEFAULT, streaming(stream), quick);
        try (RawClient client = new RawClient(server.address())) {
            client.send("HEAD /stream");
            assertThat(client.head().status()).isEqualTo(200);
            assertThat(stream.get(60, TimeUnit.SECONDS).write(Bytes.utf8("x"))).isCompletedExceptionally();
            client.send("GET /quick");
            assertThat(client.answer().status()).isEqualTo(204);
        }
    }

    @Test
    void aStreamThatFailsIsSeenToBeIncomplete() throws Exception {
        Route failing = Route.get("/failing", (request, exchange) -> {
            exchange.stream(Response.head(200, "text/plain")).write(Bytes.utf8("one"));
            throw new IllegalStateException("broken");
        });
        HttpServer server = servers.start(HttpLimits.DEFAULT, failing);
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /failing");
            assertThat(client.head().status()).isEqualTo(200);
            assertThat(client.rest()).doesNotEndWith("0\r\n\r\n");
        }
    }

    @Test
    void aReaderThatIsTooSlowForItsStreamIsDropped() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(TestServer.counts(100, 8, 4, MIB, MIB), streaming(stream));
        try (RawClient client = new RawClient(server.address(), 4096)) {
            client.send("GET /stream");
            ResponseStream writing = stream.get(60, TimeUnit.SECONDS);
            Bytes chunk = Bytes.of(new byte[MIB / 4]);
            await().until(() -> writing.write(chunk).isCompletedExceptionally());
        }
    }

    @Test
    void aWriterThatWaitsForEachChunkIsPausedByASlowReader() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(TestServer.counts(100, 8, 4, MIB, MIB), streaming(stream));
        int chunks = 64;
        try (RawClient client = new RawClient(server.address(), 4096)) {
            client.send("GET /stream");
            ResponseStream writing = stream.get(60, TimeUnit.SECONDS);
            Bytes chunk = Bytes.of(new byte[MIB / 4]);
            AtomicInteger written = new AtomicInteger();
            CompletableFuture<Void> all = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                for (int i = 0; i < chunks; i++) {
                    writing.write(chunk).join();
                    written.incrementAndGet();
                }
                writing.end();
                all.complete(null);
            });
            writer.start();
            assertThat(client.head().status()).isEqualTo(200);
            int received = 0;
            for (String read = client.chunk(); !read.isEmpty(); read = client.chunk()) {
                received += read.length();
            }
            assertThat(received).isEqualTo(chunks * chunk.size());
            all.get(60, TimeUnit.SECONDS);
            writer.join();
        }
    }

    @Test
    void aReaderThatReadsNothingIsDroppedInTime() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(TestServer.times(LONG, LONG, SHORT), streaming(stream));
        try (RawClient client = new RawClient(server.address(), 4096)) {
            client.send("GET /stream");
            CompletableFuture<Void> written = stream.get(60, TimeUnit.SECONDS).write(Bytes.of(new byte[64 * MIB]));
            assertThatThrownBy(() -> written.get(60, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
        }
    }

    @Test
    void aStreamThatHasNothingToSendStaysOpen() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(TestServer.times(REQUEST, SHORT, SHORT), streaming(stream));
        try (RawClient client = new RawClient(server.address())) {
            client.send("GET /stream");
            assertThat(client.head().status()).isEqualTo(200);
            await().pollDelay(REQUEST.plusSeconds(1)).until(() -> true);
            stream.get(60, TimeUnit.SECONDS).write(Bytes.utf8("late"));
            assertThat(client.chunk()).isEqualTo("late");
        }
    }

    @Test
    void closingEndsStreamsHandlersConnectionsAndTheListener() throws Exception {
        CompletableFuture<ResponseStream> stream = new CompletableFuture<>();
        HttpServer server = servers.start(HttpLimits.DEFAULT, streaming(stream), waiting, quick);
        try (RawClient streamed = new RawClient(server.address());
                RawClient served = new RawClient(server.address());
                RawClient idle = new RawClient(server.address())) {
            streamed.send("GET /stream");
            assertThat(streamed.head().status()).isEqualTo(200);
            served.send("GET /waiting");
            await().until(() -> started.get() == 1);
            server.close();
            server.close();
            assertThat(interrupted.get()).isEqualTo(1);
            for (RawClient client : List.of(streamed, served, idle)) {
                assertThat(client.rest()).doesNotContain("204");
            }
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(server.address());
        }
        // A pool has ended a moment before its threads have
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("kad-http-handler")));
    }
}
