package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.api.id.Bytes;
import io.kad.node.diagnose.NodeSetup;
import io.kad.node.output.OutputLine;
import io.kad.node.task.TaskContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Lookup that runs in the background, with the lines of its command so far: each hop, the results, and a last one. Thread-safe. */
final class Lookup {

    /** Bytes of lines that are kept, with the last ones unless they hold a large record. Hops may take half of them. */
    static final int MAX_BYTES = 1 << 20;

    /** Bytes that are left for the last lines. */
    private static final int LAST_BYTES = 4096;

    /** Bytes that a line takes beside its text. */
    private static final int LINE_OVERHEAD = 64;

    /** More lines than a lookup can have. */
    static final int MAX_LINES = MAX_BYTES / LINE_OVERHEAD;

    private final String id;
    private final Commands.Parsed parsed;
    private final Runnable onEnd;
    private final String command;
    private final String key;
    private final List<Bytes> lines = new ArrayList<>();
    private long bytes;
    private final DroppedLines dropped = new DroppedLines(
            "as a lookup in the background keeps %d bytes, and of hops half of that".formatted(MAX_BYTES),
            "run the command with Accept: application/x-ndjson");
    private @Nullable String failure;
    private CompletableFuture<Void> nextLine = new CompletableFuture<>();
    private long endedNanos;
    private boolean ended;
    private boolean commandHasEnded;

    /**
     * Creates a lookup, not started.
     *
     * @param command name of the command
     * @param key its key, as its state shows it
     * @param parsed the command itself
     * @param onEnd called once when the command ends, before its last line can be seen: who has seen that may start another lookup. Must not block
     */
    Lookup(String id, String command, String key, Commands.Parsed parsed, Runnable onEnd) {
        this.id = id;
        this.command = command;
        this.key = key;
        this.parsed = parsed;
        this.onEnd = onEnd;
    }

    String id() {
        return id;
    }

    /** Starts the lookup; the future completes when it has ended, and never fails. */
    CompletableFuture<Integer> start(Kademlia kad) {
        return parsed.start(kad, NodeSetup.UNKNOWN, this::add, Optional.empty())
                .exceptionally(fault -> {
                    add(OutputLine.fault(TaskContext.causeOf(fault)));
                    return 1;
                })
                .whenComplete((code, fault) -> commandEnded());
    }

    private synchronized void commandEnded() {
        if (!commandHasEnded) {
            commandHasEnded = true;
            onEnd.run();
        }
    }

    private void add(ObjectNode line) {
        CompletableFuture<Void> waitedFor;
        synchronized (this) {
            if (ended) {
                return;
            }
            if (line.has("ok")) {
                commandEnded();
                end(dropped.last(line));
            } else if (!keepIfRoom(line)) {
                return;
            }
            waitedFor = nextLine;
            nextLine = new CompletableFuture<>();
        }
        waitedFor.complete(null);
    }

    private boolean keepIfRoom(ObjectNode line) {
        Bytes text = Bytes.utf8(line.toString());
        int share = DroppedLines.isHop(line) ? 2 : 1; // hops leave room for the result
        if (bytes + text.size() + LINE_OVERHEAD > (MAX_BYTES - LAST_BYTES) / share) {
            dropped.add(line);
            return false;
        }
        keep(text);
        return true;
    }

    private void keep(Bytes text) {
        lines.add(text);
        bytes += text.size() + (long) LINE_OVERHEAD;
    }

    private void end(ObjectNode last) {
        if (dropped.count() > 0) {
            keep(Bytes.utf8(dropped.line().toString()));
        }
        keep(Bytes.utf8(last.toString()));
        ended = true;
        endedNanos = System.nanoTime();
        failure = last.has("code") ? last.path("code").asText() : null;
    }

    /** Cancels the lookup, which ends with a line that says so, and its command; has no effect after its end. */
    void cancel() {
        CompletableFuture<Void> waitedFor;
        synchronized (this) {
            if (ended) {
                return;
            }
            end(OutputLine.error("cancelled", "the lookup was cancelled"));
            waitedFor = nextLine;
        }
        waitedFor.complete(null);
        parsed.deadline().cancel();
    }

    /** Returns whether the lookup has ended. */
    synchronized boolean isEnded() {
        return ended;
    }

    /** Returns whether the lookup ended so long ago. */
    synchronized boolean hasEndedFor(Duration time) {
        return ended && System.nanoTime() - endedNanos > time.toNanos();
    }

    /** Returns the state of the lookup, without its lines, and the code of its failure. */
    synchronized ObjectNode state() {
        ObjectNode state = OutputLine.done("lookup")
                .put("id", id)
                .put("command", command)
                .put("key", key)
                .put("ended", ended)
                .put("lines", lines.size())
                .put("dropped", dropped.count());
        return failure == null ? state : state.put("failure", failure);
    }

    /** Returns the bytes that the lines take; while the lookup runs, those that they may take. */
    synchronized long bytes() {
        return ended ? bytes : Math.max(bytes, MAX_BYTES);
    }

    /**
     * Lines of a lookup, in order.
     *
     * @param isEnd whether no line will follow them
     */
    record Lines(List<Bytes> lines, boolean isEnd) {}

    /** Returns the lines from a number on, up to so many bytes, but one at least if there is one. */
    synchronized Lines lines(int from, int maxBytes) {
        List<Bytes> some = new ArrayList<>();
        int room = maxBytes;
        for (int i = from; i < lines.size() && (some.isEmpty() || lines.get(i).size() <= room); i++) {
            some.add(lines.get(i));
            room -= lines.get(i).size();
        }
        return new Lines(some, ended && from + some.size() >= lines.size());
    }

    /** Returns a future that completes when there is a line of that number, or the lookup has ended. */
    synchronized CompletableFuture<Void> line(int number) {
        return number < lines.size() || ended ? CompletableFuture.completedFuture(null) : nextLine.copy();
    }
}
