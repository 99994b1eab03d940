package io.kad.node.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;

/** Writes answers to standard output, a line each: as JSON, or as text for people. Thread-safe. */
public final class Output {

    private final PrintStream out;
    private final boolean json;

    /** Makes an output; with {@code json} nothing but JSON is written. */
    public Output(PrintStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Returns whether answers are written as JSON. */
    public boolean isJson() {
        return json;
    }

    /** Writes a line of an answer. */
    public synchronized void write(ObjectNode line) {
        out.println(json ? line.toString() : printable(TextFormatter.of(line)));
        out.flush();
    }

    /** Writes a line for people, which programs don't see. */
    public synchronized void say(String text) {
        if (!json) {
            out.println(text);
            out.flush();
        }
    }

    /** Returns {@code text} without what a peer may have put into it to command a terminal. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\r\t]]", "?");
    }
}
