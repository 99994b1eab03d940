package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.node.output.ErrorCode;
import io.kad.node.output.OutputLine;

/** Lines of a command that were left out, as there was no room for them, and what the last two lines say of that. Not thread-safe. */
final class DroppedLines {

    private final String cause;
    private final String remedy;
    private int count;
    private boolean isResultIncomplete;

    /**
     * Creates one without a line.
     *
     * @param cause why lines are left out, such as {@code as this client read too slowly}
     * @param remedy what the user can do
     */
    DroppedLines(String cause, String remedy) {
        this.cause = cause;
        this.remedy = remedy;
    }

    static boolean isHop(ObjectNode line) {
        return line.path("event").asText().equals("hop");
    }

    void add(ObjectNode line) {
        count++;
        isResultIncomplete |= !isHop(line);
    }

    int count() {
        return count;
    }

    /** Returns the line that comes before the last one if there is a dropped one. */
    ObjectNode line() {
        return OutputLine.line("dropped")
                .put("lines", count)
                .put("message", "lines before this one were left out, " + cause + "; " + remedy);
    }

    /** Returns the last line: {@code line}, or a refusal if it tells of success and lines of the result are missing, which is of no use without them. */
    ObjectNode last(ObjectNode line) {
        return isResultIncomplete && !OutputLine.isError(line)
                ? OutputLine.error(
                        ErrorCode.OVERLOADED, "lines of the result were left out, " + cause + "; repeat, and " + remedy)
                : line;
    }
}
