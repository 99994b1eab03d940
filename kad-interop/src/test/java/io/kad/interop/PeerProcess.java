package io.kad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/**
 * A peer in a process of its own, driven by lines: tagged commands in, JSON objects out.
 *
 * <p>Peers of all languages speak the same lines, so that a test can ask any of them the same. Thread-safe.
 */
public class PeerProcess implements AutoCloseable {

    /** How long anything may take that has no bound of its own. */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(60);
    private static final int KEPT_LINES = 2000;
    /** Beginning of the lines that are too many to read. */
    private static final String INBOUND_REQUEST = "{\"event\":\"inbound-request\"";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Process process;
    private final Writer in;
    private final AtomicInteger lastTag = new AtomicInteger();
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Deque<JsonNode> events = new ArrayDeque<>();
    private final Deque<String> errors = new ArrayDeque<>();
    private final List<String> findings = new ArrayList<>();
    private final List<Thread> readers;
    private final String peerId;
    private final String address;
    private volatile boolean killed;
    private volatile boolean outputEnded;

    /** Starts the process and waits until it listens. */
    public PeerProcess(String name, List<String> command) {
        this.name = name;
        try {
            process = new ProcessBuilder(command).start();
        } catch (IOException failed) {
            throw new UncheckedIOException(name + " can't be started", failed);
        }
        in = new BufferedWriter(process.outputWriter(UTF_8));
        readers = List.of(
                read(process.getInputStream(), this::onLine, this::onOutputEnded),
                read(process.getErrorStream(), this::onError, () -> {}));
        JsonNode listening = awaitListening();
        peerId = listening.path("peerId").asText();
        address = listening.path("addresses").path(0).asText();
    }

    private JsonNode awaitListening() {
        try {
            return event("listening", line -> true);
        } catch (RuntimeException | AssertionError failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    public String peerId() {
        return peerId;
    }

    /** Returns where the peer listens, with its id at the end; empty if it listens nowhere. */
    public String address() {
        return address;
    }

    /** Returns {@link #address()} without the id. */
    String socketAddress() {
        return address.substring(0, address.indexOf("/p2p/"));
    }

    /** Returns the TCP port of {@link #address()}. */
    public int port() {
        return Integer.parseInt(address.split("/", -1)[4]);
    }

    /** Returns the number of the process. */
    public long pid() {
        return process.pid();
    }

    /** Sends a command; its answer comes later, or the failure of the process. */
    public CompletableFuture<Answer> send(String command) {
        String tag = Integer.toString(lastTag.incrementAndGet());
        Pending asked = new Pending(command);
        pending.put(tag, asked);
        try {
            synchronized (in) {
                in.write("#" + tag + " " + command + "\n");
                in.flush();
            }
        } catch (IOException ended) {
            asked.fail(new IllegalStateException(describe(command + ": the process takes no more commands"), ended));
        }
        if (outputEnded) {
            failPending();
        }
        return asked.answer;
    }

    /** Returns the answer, whatever it is. */
    public Answer ask(String command) {
        return within(PATIENCE.multipliedBy(2), command, send(command));
    }

    /** Returns the answer, which must be a success. */
    public Answer run(String command) {
        Answer answer = ask(command);
        assertThat(answer.ok()).as(() -> describe(answer.toString())).isTrue();
        return answer;
    }

    /** Returns {@code answer} when it is there. */
    public Answer within(Duration time, String command, CompletableFuture<Answer> answer) {
        try {
            return answer.get(time.toMillis(), MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new AssertionError(describe(command + ": no answer"), failed.getCause());
        } catch (TimeoutException late) {
            throw new AssertionError(describe(command + ": no answer within " + time), late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + ": interrupted", interrupted);
        }
    }

    /** Returns the first event of that name that fits, be it past or yet to come. */
    JsonNode event(String event, Predicate<JsonNode> fits) {
        try {
            return await().atMost(PATIENCE)
                    .failFast(
                            "its output has ended",
                            () -> outputEnded && find(event, fits).isEmpty())
                    .until(() -> find(event, fits), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException | TerminalFailureException never) {
            throw new AssertionError(describe("no event " + event), never);
        }
    }

    /** Returns the last event of that name that tells of {@code peer}. */
    Optional<JsonNode> lastEvent(String event, PeerProcess peer) {
        synchronized (events) {
            return events.stream()
                    .filter(line -> line.path("event").asText().equals(event))
                    .filter(line -> line.path("peerId").asText().equals(peer.peerId()))
                    .reduce((earlier, later) -> later);
        }
    }

    private Optional<JsonNode> find(String event, Predicate<JsonNode> fits) {
        synchronized (events) {
            return events.stream()
                    .filter(line -> line.path("event").asText().equals(event))
                    .filter(fits)
                    .findFirst();
        }
    }

    /** Returns the ids in the routing table. */
    public List<String> routingTable() {
        return run("routing-table").last().path("peers").findValuesAsText("peerId");
    }

    /** Returns the ids of the connected peers. */
    public List<String> connectedPeers() {
        return run("connections").last().path("connections").findValuesAsText("peerId");
    }

    /** Waits until the routing table holds all of {@code others}. */
    void awaitKnows(PeerProcess... others) {
        awaitKnows(List.of(others).stream().map(PeerProcess::peerId).toList());
    }

    /** Waits until the routing table holds all peers of these ids. */
    void awaitKnows(List<String> ids) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(routingTable())
                        .as(() -> describe("the routing table"))
                        .containsAll(ids));
    }

    /** Waits until the routing table does not hold {@code other}. */
    void awaitKnowsNot(PeerProcess other) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(routingTable())
                        .as(() -> describe("the routing table"))
                        .doesNotContain(other.peerId()));
    }

    /** Ends the process at once, as a crash would. */
    public void kill() {
        killed = true;
        process.destroyForcibly();
    }

    /** Asks the process to end, without waiting. */
    public void endInput() {
        try {
            in.close();
        } catch (IOException ended) {
            finding("its input broke: " + ended);
        }
    }

    /** Ends the process, by force if it must be. */
    @Override
    public void close() {
        endInput();
        try {
            if (!process.waitFor(STOP_WITHIN.toMillis(), MILLISECONDS)) {
                finding("it did not stop within " + STOP_WITHIN + " of the end of its input");
                process.destroyForcibly().waitFor();
            } else if (process.exitValue() != 0 && !killed) {
                finding("it ended with exit code " + process.exitValue());
            }
            for (Thread reader : readers) {
                reader.join(STOP_WITHIN.toMillis());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Returns what a healthy peer never shows: stack traces, leaks, escaped errors, a bad end. */
    public List<String> findings() {
        synchronized (findings) {
            return findings.stream().map(this::describe).toList();
        }
    }

    /** Returns the latest lines of standard error. */
    public List<String> errorLines() {
        synchronized (errors) {
            return List.copyOf(errors);
        }
    }

    @Override
    public String toString() {
        return name + " " + peerId;
    }

    private void finding(String text) {
        if (!killed) {
            synchronized (findings) {
                findings.add(text);
            }
        }
    }

    private String describe(String text) {
        synchronized (errors) {
            return name + ": " + text + (errors.isEmpty() ? "" : "; its standard error: " + String.join("\n", errors));
        }
    }

    private void onLine(String text) {
        if (text.startsWith(INBOUND_REQUEST)) {
            return;
        }
        JsonNode line;
        try {
            line = JSON.readTree(text);
        } catch (JsonProcessingException noJson) {
            finding("a line that is no JSON: " + text);
            return;
        }
        if (line.has("id")) {
            onAnswer(line.path("id").asText(), line);
            return;
        }
        if (line.path("event").asText().equals("unhandled")) {
            finding("an error escaped: " + text);
        }
        keep(events, line);
    }

    private void onAnswer(String tag, JsonNode line) {
        Pending asked = pending.get(tag);
        if (asked == null) {
            finding("an answer that was over, or to nothing that was asked: " + line);
        } else if (asked.add(line)) {
            pending.remove(tag);
        }
    }

    private void onError(String text) {
        keep(errors, text);
        if (text.startsWith("\tat ") || text.contains("LEAK: ")) {
            finding("on standard error: " + text);
        }
    }

    private static <T> void keep(Deque<T> kept, T line) {
        synchronized (kept) {
            if (kept.size() == KEPT_LINES) {
                kept.removeFirst();
            }
            kept.addLast(line);
        }
    }

    /** Called when no answer can come any more; a process that has ended may have written one just before. */
    private void onOutputEnded() {
        outputEnded = true;
        failPending();
    }

    private void failPending() {
        IllegalStateException ended = new IllegalStateException(describe("the process has ended"));
        pending.values().forEach(asked -> asked.fail(ended));
    }

    private Thread read(InputStream stream, Consumer<String> lines, Runnable onEnd) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                        text.lines().forEach(lines);
                    } catch (IOException | UncheckedIOException ended) {
                        finding("its output broke: " + ended);
                    } finally {
                        onEnd.run();
                    }
                },
                name + "-reader");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** A command whose answer is not complete. */
    private static final class Pending {

        final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final String command;
        private final List<JsonNode> lines = new ArrayList<>();

        Pending(String command) {
            this.command = command;
        }

        /** Adds a line and returns whether it was the last. */
        boolean add(JsonNode line) {
            lines.add(line);
            return line.has("ok") && answer.complete(new Answer(command, lines));
        }

        void fail(Exception failure) {
            answer.completeExceptionally(failure);
        }
    }
}
