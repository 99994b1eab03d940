package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.Kademlia;
import io.kad.node.output.OutputLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lookup that runs in the background, with the lines of its command so far: each hop, the results, and a last one. Thread-safe. */
final class Lookup {

    /** Lines that are kept; a lookup has a few hundred. Further ones but the last are dropped. */
    static final int MAX_LINES = 10_000;

    private final String id;
    private final String command;
    private final String key;
    private final List<ObjectNode> lines = new ArrayList<>();
    private @Nullable Future<?> running;
    private long endedNanos;
    private boolean ended;

    Lookup(String id, String command, String key) {
        this.id = id;
        this.command = command;
        this.key = key;
    }

    String id() {
        return id;
    }

    /** Remembers what carries the lookup out, to cancel it. */
    synchronized void startedBy(Future<?> task) {
        running = task;
    }

    /** Carries the lookup out. */
    void run(Commands.Parsed parsed, Kademlia kad) {
        try {
            parsed.run(kad, this::add, Optional.empty());
        } catch (RuntimeException fault) {
            add(OutputLine.fault(fault));
        }
    }

    private synchronized void add(ObjectNode line) {
        boolean isLast = line.has("ok");
        if (!ended && (isLast || lines.size() < MAX_LINES)) {
            lines.add(line);
            ended = isLast;
            endedNanos = System.nanoTime();
            notifyAll();
        }
    }

    /** Cancels the lookup, which ends with a line that says so; has no effect after its end. */
    void cancel() {
        add(OutputLine.error("cancelled", "the lookup was cancelled"));
        Future<?> task;
        synchronized (this) {
            task = running;
        }
        if (task != null) {
            task.cancel(true);
        }
    }

    /** Returns whether the lookup has ended. */
    synchronized boolean isEnded() {
        return ended;
    }

    /** Returns whether the lookup ended so long ago. */
    synchronized boolean hasEndedFor(Duration time) {
        return ended && System.nanoTime() - endedNanos > time.toNanos();
    }

    /** Returns the state of the lookup, without its lines. */
    synchronized ObjectNode state() {
        return OutputLine.done("lookup")
                .put("id", id)
                .put("command", command)
                .put("key", key)
                .put("ended", ended)
                .put("lines", lines.size());
    }

    /** Returns the lines from a number on; waits for one until {@code time} has passed. */
    synchronized List<ObjectNode> await(int from, Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); lines.size() <= from && !ended && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return from < lines.size() ? List.copyOf(lines.subList(from, lines.size())) : List.of();
    }
}
