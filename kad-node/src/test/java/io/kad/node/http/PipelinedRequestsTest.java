package io.kad.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.node.http.limit.HttpLimits;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that a client sends before it has the answer to the first one. */
@Timeout(180)
class PipelinedRequestsTest {

    private static final String QUICK = "GET /quick HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String WAITING = QUICK.replace("quick", "waiting");

    @RegisterExtension
    final TestServer servers = new TestServer();

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final CompletableFuture<Void> query = new CompletableFuture<>();

    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = servers.start(
                HttpLimits.DEFAULT,
                Route.get("/quick", (request, exchange) -> exchange.send(Response.empty(204))),
                Route.get("/waiting", this::waitForRelease),
                Route.get("/query", (request, exchange) -> {
                            exchange.onEnd(() -> query.cancel(false));
                            exchange.completedBy(query);
                            started.incrementAndGet();
                        })
                        .asQuery(),
                Route.change(
                                "POST",
                                "/post",
                                (request, exchange) -> exchange.send(Response.text(
                                        200,
                                        "text/plain",
                                        String.valueOf(request.body().size()))))
                        .consuming("text/plain", 100_000));
    }

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
    void requestsAreServedOneAfterTheOther() throws Exception {
        try (RawClient client = new RawClient(server.address())) {
            client.write(WAITING + WAITING + QUICK.replace("quick", "unknown"));
            await().until(() -> started.get() == 1);
            assertThat(RawClient.request(server.address(), "GET /quick").status())
                    .isEqualTo(204);
            assertThat(started.get()).isEqualTo(1);
            release.countDown();
            assertThat(List.of(
                            client.answer().status(),
                            client.answer().status(),
                            client.answer().status()))
                    .containsExactly(204, 204, 404);
        }
    }

    /** The request behind that which waits: none, a small one, part of one, and many that a limit of one read would not hold. */
    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1, false", "1, true", "1000, false", "1000, true"})
    void aClientThatIsGoneIsNoticedWhileRequestsWait(int waiting, boolean byReset) throws Exception {
        RawClient client = new RawClient(server.address());
        client.write(WAITING);
        await().until(() -> started.get() == 1);
        for (int i = 0; i < waiting; i++) {
            client.write(i % 2 == 0 ? QUICK : "G".repeat(10));
        }
        if (byReset) {
            client.reset();
        } else {
            client.close();
        }
        await().until(() -> interrupted.get() == 1);
    }

    @Test
    void aQueryIsCancelledWhenItsClientIsGoneAndRequestsWait() throws Exception {
        try (RawClient client = new RawClient(server.address())) {
            client.write(QUICK.replace("quick", "query") + QUICK);
            await().until(() -> started.get() == 1);
        }
        await().until(query::isCancelled);
    }

    @Test
    void readingStopsAtItsLimitAndGoesOnAfterTheAnswer() throws Exception {
        int bytes = 64 << 20;
        int requests = bytes / QUICK.length();
        try (RawClient client = new RawClient(server.address())) {
            client.write(WAITING);
            await().until(() -> started.get() == 1);
            AtomicInteger written = new AtomicInteger();
            Thread writer = new Thread(() -> {
                try {
                    String many = QUICK.repeat(1000);
                    for (int i = 0; i < requests / 1000; i++) {
                        client.write(many);
                        written.addAndGet(1000);
                    }
                } catch (IOException e) {
                    written.set(-1);
                }
            });
            writer.start();
            // What the sockets hold is a few MiB at most: the writer gets stuck before the end
            AtomicInteger last = new AtomicInteger(-1);
            await().pollInterval(500, TimeUnit.MILLISECONDS)
                    .until(() -> last.getAndSet(written.get()) == written.get() && written.get() > 0);
            assertThat(written.get()).isLessThan(requests / 2);
            release.countDown();
            for (int i = 0; i < 2000; i++) {
                assertThat(client.answer().status()).isEqualTo(204);
            }
            client.reset();
            writer.join();
        }
    }

    @Test
    void aBodyThatComesInPiecesBehindARequestIsWhole() throws Exception {
        try (RawClient client = new RawClient(server.address())) {
            client.write(WAITING + "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 100000\r\n\r\n" + "x".repeat(50_000));
            await().until(() -> started.get() == 1);
            release.countDown();
            assertThat(client.answer().status()).isEqualTo(204);
            client.write("x".repeat(50_000) + QUICK);
            assertThat(client.answer().body()).isEqualTo("100000");
            assertThat(client.answer().status()).isEqualTo(204);
        }
    }
}
