package io.kad.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Security;
import io.kad.bench.measure.Measurement;
import io.kad.transport.netty.limit.NodeBudgets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadLoopTest {

    private final StubServer server = new StubServer();
    private final Workload workload = new Workload(server.info().id(), new LoadPlan.Data(1, 1, 1, 0));

    private static Executor after(long millis) {
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Of 200 requests in 2 s, those of the first 0.5 s are each answered 0.5 s late or more: 50, and 40 of them 0.6 s late. */
    @Test
    void aStallShowsInTheRequestsOfAnOpenLoopThatWouldHaveComeMeanwhile() throws InterruptedException {
        LoadPlan plan = Plans.open(server.info(), RequestKind.FIND_NODE, 100, Duration.ofSeconds(2));
        try (LoadSession session = new LoadSession(plan)) {
            server.stallFor(Duration.ofSeconds(1));
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().requests()).isEqualTo(200);
            assertThat(result.metrics().failed()).isZero();
            assertThat(result.metrics().latencyMillis(75)).isGreaterThan(500);
        }
    }

    /** The server is gone before any request is sent: all that are scheduled are errors, however slow the machine. */
    @Test
    void anOpenLoopCountsWhatAServerThatIsGoneDoesNotAnswer() throws InterruptedException {
        LoadPlan plan = Plans.open(server.info(), RequestKind.FIND_NODE, 200, Duration.ofMillis(500));
        try (LoadSession session = new LoadSession(plan)) {
            server.close();
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().requests()).isEqualTo(100);
            assertThat(result.metrics().failed()).isEqualTo(100);
            assertThat(result.json().get("ok").asBoolean()).isFalse();
        }
    }

    @Test
    void aClosedLoopCountsErrorsByKindWhenTheServerDiesInTheMiddle() throws InterruptedException {
        LoadPlan plan = Plans.closed(server.info(), RequestKind.FIND_NODE, Security.NOISE, false, 2);
        try (LoadSession session = new LoadSession(plan)) {
            server.stall(); // what is in flight ends with the server
            after(100).execute(server::close);
            LoadResult result = session.measure(Optional.empty());
            assertThat(result.metrics().failed())
                    .isGreaterThanOrEqualTo(4)
                    .isEqualTo(result.metrics().requests());
            assertThat(result.json().get("errors")).isNotEmpty();
            long counted = 0;
            for (var count : result.json().get("errors")) {
                counted += count.asLong();
            }
            assertThat(counted).isEqualTo(result.metrics().failed());
        }
    }

    /** So that a measurement has requests even if the machine stands still for as long as it takes. */
    @Test
    void aClosedLoopSendsTheFirstRequestsHoweverLateItIs() throws InterruptedException {
        try (LoadClient client = client()) {
            client.connect().join();
            ClosedLoop loop = new ClosedLoop(List.of(client), workload, RequestKind.FIND_NODE, 4);
            Measurement measured = loop.run(Duration.ZERO, 0);
            assertThat(measured.requests()).isEqualTo(4);
            assertThat(measured.errors()).isEmpty();
        }
    }

    private LoadClient client() {
        LoadPlan plan = Plans.open(server.info(), RequestKind.FIND_NODE, 1, Duration.ofSeconds(1));
        return new LoadClient(
                SeededIdentity.of("client", 1, 0), server.info(), plan.config(), NodeBudgets.of(plan.config()));
    }

    @Test
    void anOpenLoopDoesNotSendMoreThanMayBeUnderWay() throws InterruptedException {
        try (LoadClient client = client()) {
            client.connect().join();
            server.stall();
            OpenLoop loop = new OpenLoop(List.of(client), workload, RequestKind.FIND_NODE, 100, 10);
            OpenLoop.SentRequests sent = loop.send(Duration.ofMillis(500), 0);
            server.goOn();
            Measurement measured = sent.awaitEnd();
            assertThat(measured.errors()).containsOnlyKeys(OpenLoop.NOT_SENT);
            assertThat(measured.errors().get(OpenLoop.NOT_SENT)).isEqualTo(40);
            assertThat(measured.requests()).isEqualTo(50);
        }
    }
}
