package io.kad.node.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.output.Output;
import io.kad.node.task.TestQueries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A session with a peer whose operations end when the test says so. */
@Timeout(120)
class StdinSessionTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PEER = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN";
    private static final String ADDRESS = "/ip4/127.0.0.1/tcp/1/p2p/" + PEER;
    private static final String CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";

    /** Every command that waits for the network. */
    private static final List<String> WAITING = List.of(
            "get /app/x",
            "get /app/x --trace",
            "put /app/x value",
            "provide " + CID,
            "find-providers " + CID,
            "find-peer " + PEER,
            "closest-peers /app/x",
            "ping " + ADDRESS,
            "connect " + ADDRESS,
            "identify " + ADDRESS,
            "bootstrap");

    private final List<CompletableFuture<?>> operations = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PipedOutputStream input = new PipedOutputStream();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Kademlia kad = (Kademlia)
            Proxy.newProxyInstance(Kademlia.class.getClassLoader(), new Class<?>[] {Kademlia.class}, this::call);
    private StdinSession session;

    @TempDir
    private Path directory;

    @SuppressWarnings("FutureReturnValueIgnored") // the proxy returns it as what it is
    private Object call(Object proxy, Method method, Object[] arguments) {
        if (method.getName().equals("config")) {
            return KademliaConfig.builder().build();
        }
        if (method.getName().equals("peerId")) {
            return PeerId.fromPublicKey(Bytes.utf8("local"));
        }
        if (method.getName().equals("addresses")) {
            return List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
        }
        if (Query.class.isAssignableFrom(method.getReturnType())) {
            QueryHandle<Object> query = query();
            operations.add(query.result());
            return query;
        }
        CompletableFuture<Object> operation = new CompletableFuture<>();
        operations.add(operation);
        return operation;
    }

    private static QueryHandle<Object> query() {
        return TestQueries.query(new QueryId(1), new QuerySpec.GetProviders(RecordKey.utf8("x"), 0));
    }

    @BeforeEach
    void start() throws IOException {
        PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
        session = StdinSession.start(
                kad,
                NodeSetup.UNKNOWN,
                new Output(out, out, true),
                new PipedInputStream(input, 1 << 16),
                ended::countDown);
    }

    @AfterEach
    void end() throws Exception {
        operations.forEach(operation -> operation.cancel(false));
        input.close();
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private void write(String... lines) throws IOException {
        input.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    /** Returns the last lines of the results, by their tags. */
    private Map<String, JsonNode> answers() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(StdinSessionTest::json)
                .filter(line -> line.has("ok"))
                .collect(Collectors.toMap(line -> line.path("id").asText(), Function.identity()));
    }

    private static JsonNode json(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    @Test
    void commandsThatWaitHoldNoThreads() throws Exception {
        write("#first get /app/x --timeout 1ms"); // starts the threads that all timeouts share
        await().atMost(LONG).until(() -> answers().containsKey("first"));
        operations.clear();
        int before = threads();
        List<String> commands = IntStream.range(0, 55)
                .mapToObj(number -> "#" + number + " " + WAITING.get(number % WAITING.size()))
                .toList();
        write(commands.toArray(String[]::new));
        await().atMost(LONG).until(() -> operations.size() == commands.size());

        assertThat(threads() - before).as("threads of 55 commands").isLessThan(8);
        assertThat(answers()).hasSize(1);

        operations.forEach(
                operation -> operation.completeExceptionally(KadException.NoPeers.noResponse(3, QueryStats.NONE)));
        await().atMost(LONG).until(() -> answers().size() == 56);
        assertThat(answers().values())
                .filteredOn(answer -> !answer.path("id").asText().equals("first"))
                .allSatisfy(answer -> {
                    assertThat(answer.path("code").asText()).isEqualTo("no-peers");
                    assertThat(answer.path("message").asText()).isEqualTo("no peer responded (3 queried)");
                });
    }

    @Test
    void eachCommandTimesOutAndEndsItsOperation() throws Exception {
        for (int tag = 0; tag < WAITING.size(); tag++) {
            write("#" + tag + " " + WAITING.get(tag) + " --timeout 50ms");
        }
        await().atMost(LONG).until(() -> answers().size() == WAITING.size());

        assertThat(answers().values()).allSatisfy(answer -> {
            assertThat(answer.path("code").asText()).isEqualTo("timeout");
            assertThat(answer.path("message").asText()).isEqualTo("timed out after 50 ms; use --timeout to allow more");
        });
        assertThat(operations).hasSize(WAITING.size()).allMatch(CompletableFuture::isCancelled);
    }

    /** A result of another type than that of its operation stands for any defect. */
    @Test
    @SuppressWarnings("unchecked")
    void aDefectIsAFaultOfItsCommandAlone() throws Exception {
        write("#a get /app/x", "#b get /app/y");
        await().atMost(LONG).until(() -> operations.size() == 2);
        ((CompletableFuture<Object>) operations.get(0)).complete("no record");
        await().atMost(LONG).until(() -> answers().size() == 1);

        assertThat(answers().values()).singleElement().satisfies(answer -> {
            assertThat(answer.path("code").asText()).isEqualTo("internal");
            assertThat(answer.path("message").asText()).contains("ClassCastException");
        });
    }

    @Test
    void theEndAnswersEachCommandOnceBeforeItsLastLine() throws Exception {
        write("#a get /app/x", "get /app/y", "#b put /app/x value");
        await().atMost(LONG).until(() -> operations.size() == 3);

        assertThat(session.end().path("event").asText()).isEqualTo("stopped");
        assertThat(answers()).containsOnlyKeys("a", "", "b");
        assertThat(answers().values()).allSatisfy(answer -> {
            assertThat(answer.path("code").asText()).isEqualTo("unreachable");
            assertThat(answer.path("message").asText()).startsWith("the node is stopping");
        });
        assertThat(operations).allMatch(CompletableFuture::isCancelled);
    }

    /** More lines than run concurrently: those behind them were not begun. */
    @Test
    void theEndRefusesLinesThatCameBeforeItAndWereNotBegun() throws Exception {
        int lines = 400;
        write(IntStream.range(0, lines)
                .mapToObj(number -> "#" + number + " get /app/x")
                .toArray(String[]::new));
        await().atMost(LONG).until(() -> operations.size() == SessionResults.MAX_OPEN);

        session.end();
        assertThat(answers()).hasSize(lines);
        assertThat(operations).hasSize(SessionResults.MAX_OPEN);
    }

    /** A command may have more time than any that the session could choose: its end waits without a limit. */
    @Test
    void theEndOfTheInputWaitsForEachCommandAsLongAsThatHasTime() throws Exception {
        write("#a put /app/x value --timeout 90s");
        await().atMost(LONG).until(() -> operations.size() == 1);
        input.close();
        await().atMost(LONG)
                .until(() -> Thread.getAllStackTraces().entrySet().stream()
                        .anyMatch(thread -> thread.getKey().getName().equals("kad-stdin")
                                && thread.getKey().getState() == Thread.State.WAITING
                                && List.of(thread.getValue()).toString().contains(SessionResults.class.getName())));

        assertThat(ended.getCount()).isOne();
        fail(0, "late");
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(answers().get("a").path("message").asText()).isEqualTo("late");
    }

    /** The session then waits without a limit, which only a signal ends. */
    @Test
    void aSignalEndsCommandsThatTheEndOfTheInputWaitsFor() throws Exception {
        write("#a get /app/x", "#b stop");
        await().atMost(LONG).until(() -> operations.size() == 1);

        session.end();
        assertThat(answers().get("a").path("message").asText()).startsWith("the node is stopping");
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void untaggedResultsComeInTheOrderOfTheirLines() throws Exception {
        write("get /app/slow", "ping hello", "#t ping hello");
        await().atMost(LONG).until(() -> operations.size() == 1 && answers().containsKey("t"));
        write("get /app/fast");
        await().atMost(LONG).until(() -> operations.size() == 2);
        write("#u get /app/x", "connect hello");
        await().atMost(LONG).until(() -> operations.size() == 3);
        fail(1, "fast");
        fail(2, "tagged");
        await().atMost(LONG).until(() -> answers().containsKey("u"));
        assertThat(messages()).doesNotContain("fast").hasSize(2);

        fail(0, "slow");
        await().atMost(LONG).until(() -> messages().size() == 6);
        assertThat(messages().subList(2, 6))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("slow"),
                        second -> assertThat(second).startsWith("invalid address"),
                        third -> assertThat(third).isEqualTo("fast"),
                        fourth -> assertThat(fourth).startsWith("invalid address"));
    }

    private void fail(int operation, String message) {
        operations.get(operation).completeExceptionally(new KadException.Closed(message));
    }

    private List<String> messages() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> json(line).path("message").asText())
                .toList();
    }

    /** A reader that has none would wait for a line of the early results. */
    @Test
    void earlyResultsKeepFurtherLinesFromBeingRead() throws Exception {
        write("get /app/slow");
        await().atMost(LONG).until(() -> operations.size() == 1);
        for (int line = 0; line < 300; line++) {
            write("ping hello");
        }
        write("#last ping hello");
        await().during(Duration.ofMillis(200))
                .atMost(LONG)
                .until(() -> messages().isEmpty());
        fail(0, "slow");
        await().atMost(LONG).until(() -> messages().size() == 302);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aValueFromAPipeIntoWhichNobodyWritesTimesOutAndTheSessionEnds() throws Exception {
        Path pipe = pipe("silent");
        write("#f put /app/x @" + pipe + " --timeout 50ms", "stop");
        assertThat(ended.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(answers().get("f").path("code").asText()).isEqualTo("timeout");
        assertThat(operations).isEmpty();
        try (OutputStream end = Files.newOutputStream(pipe)) {
            end.write('x'); // ends the thread that reads
        }
    }

    private Path pipe(String name) throws Exception {
        Path pipe = directory.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        return pipe;
    }

    /** Ten values come from pipes into which nobody writes yet; commands behind them run meanwhile. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void commandsThatReadFilesHinderNoOthers() throws Exception {
        List<Path> pipes = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            Path pipe = pipe("pipe" + number);
            pipes.add(pipe);
            write("put /app/x @" + pipe);
        }
        write("#other get /app/x");
        await().atMost(LONG).until(() -> operations.size() == 1);

        for (Path pipe : pipes) {
            try (OutputStream value = Files.newOutputStream(pipe)) {
                value.write('x');
            }
        }
        await().atMost(LONG).until(() -> operations.size() == 11);
    }
}
