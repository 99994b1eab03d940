package io.kad.node.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/**
 * Writer of output lines: JSON to standard output, or text for people, with refusals to standard error. Thread-safe.
 */
public final class Output {

    private static volatile boolean ended;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;

    /** Creates an output that writes answers to {@code out}, and refusals as text to {@code err}. */
    public Output(PrintStream out, PrintStream err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /** Returns an output to the streams of the process; with {@code json} standard output receives nothing but JSON. */
    public static Output standard(boolean json) {
        return new Output(System.out, System.err, json);
    }

    /** Returns whether the last line of a result has been written in this process, by any output. */
    public static boolean hasEnded() {
        return ended;
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
                            + TerminalText.line(line.path("message").asText().replaceAll("\\R", " ")));
        } else {
            write(line, tag + TextFormatter.of(line));
        }
        if (line.has("ok")) {
            ended = true;
        }
    }

    /** Writes a line of a result whose form for people is {@code text}. */
    public void write(ObjectNode line, String text) {
        print(out, json ? TerminalText.ofJson(line.toString()) : TerminalText.of(text));
    }

    /** Writes a line to standard error that is no part of the result. */
    public void warn(String message) {
        print(err, "kad: " + TerminalText.line(message));
    }

    /** Writes a line for people, which programs don't see. */
    public void printText(String text) {
        if (!json) {
            print(out, TerminalText.of(text));
        }
    }

    private synchronized void print(PrintStream stream, String text) {
        stream.println(text);
        stream.flush();
    }
}
