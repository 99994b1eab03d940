package io.kad.node.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writer of output lines: JSON to standard output, or text for people, with refusals to standard error. All outputs to the streams of the process write one
 * line after the other. Thread-safe.
 */
public final class Output {

    /** Time in which a line is written, if somebody reads it. */
    private static final long LONGEST_LINE_SECONDS = 1;

    private static final State STANDARD = new State();

    /** State of all outputs to the same streams. */
    private static final class State {

        private final ReentrantLock lock = new ReentrantLock();

        /** Whether the last line of a result has been written. */
        @GuardedBy("lock")
        private boolean ended;

        /** Whether nothing more is written. */
        @GuardedBy("lock")
        private boolean closed;
    }

    private final State state;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;

    /** Creates an output that writes answers to {@code out}, and refusals as text to {@code err}. */
    public Output(PrintStream out, PrintStream err, boolean json) {
        this(out, err, json, new State());
    }

    private Output(PrintStream out, PrintStream err, boolean json, State state) {
        this.state = state;
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /** Returns an output to the streams of the process; with {@code json} standard output receives nothing but JSON. */
    public static Output standard(boolean json) {
        return new Output(System.out, System.err, json, STANDARD);
    }

    /**
     * Ends all output to these streams with a line, unless the last line of a result has been written, or none can be written at present since
     * nobody reads.
     *
     * @return whether this line is the last one
     */
    public boolean end(ObjectNode line) {
        try {
            if (!state.lock.tryLock(LONGEST_LINE_SECONDS, TimeUnit.SECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            boolean isLast = !state.ended && !state.closed;
            if (isLast) {
                write(line);
                state.closed = true;
            }
            return isLast;
        } finally {
            state.lock.unlock();
        }
    }

    /** Returns whether lines are written as JSON. */
    public boolean isJson() {
        return json;
    }

    /** Writes a line of a result, or a refusal; as text it begins with the tag of the command, {@code #7}, if that has one. */
    public void write(ObjectNode line) {
        String tag = line.has(OutputLine.TAG)
                ? "#" + TerminalText.line(line.path(OutputLine.TAG).asText()) + " "
                : "";
        if (!json && OutputLine.isError(line)) {
            print(
                    err,
                    tag + "kad: "
                            + TerminalText.line(line.path("message").asText().replaceAll("\\R", " ")),
                    true);
        } else {
            write(line, tag + TextFormatter.of(line));
        }
    }

    /** Writes a line of a result whose form for people is {@code text}. */
    public void write(ObjectNode line, String text) {
        print(out, json ? TerminalText.ofJson(line.toString()) : TerminalText.of(text), line.has("ok"));
    }

    /** Writes a line to standard error that is no part of the result. */
    public void warn(String message) {
        print(err, "kad: " + TerminalText.line(message), false);
    }

    /** Writes a line for people, which programs don't see. */
    public void printText(String text) {
        if (!json) {
            print(out, TerminalText.of(text), false);
        }
    }

    private void print(PrintStream stream, String text, boolean isLast) {
        state.lock.lock();
        try {
            if (!state.closed) {
                stream.println(text);
                stream.flush();
                state.ended |= isLast;
            }
        } finally {
            state.lock.unlock();
        }
    }
}
