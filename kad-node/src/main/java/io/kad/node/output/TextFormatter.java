package io.kad.node.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Text form of output lines, for people. */
public final class TextFormatter {

    private static final Set<String> UNSHOWN = Set.of("event", "ok", OutputLine.TAG);

    private TextFormatter() {}

    /** Returns the text of {@code line}. */
    public static String of(ObjectNode line) {
        String event = text(line, "event");
        return switch (event) {
            case "record" -> line.has("text") ? line.path("text").asText() : text(line, "value") + " (base64)";
            case "put" ->
                "stored at " + peers(line.path("stored").asInt()) + " (quorum " + text(line, "quorum") + ")"
                        + refusals(line);
            case "provided" -> "announced to " + peers(line.path("announced").asInt());
            case "peer", "provider" -> text(line, "peerId") + addresses(line);
            case "pong" -> "RTT " + text(line, "rttMillis") + " ms";
            case "hop" ->
                "  hop " + text(line, "hop") + "  " + text(line, "peerId") + "  distance 2^"
                        + text(line, "distanceLog2") + "  " + text(line, "answer") + "  " + text(line, "millis")
                        + " ms";
            case "listening" -> "listening as " + text(line, "peerId") + addresses(line);
            case "http" -> "dashboard and HTTP API at http://" + text(line, "address") + "/";
            case "dropped" -> missing(line.path("lines").asLong());
            case "check" -> check(line);
            case "summary" -> table(line);
            default -> event + fields(line);
        };
    }

    /** Returns what has happened in words of whoever reads this text, and not of the client of the node. */
    private static String missing(long lines) {
        return lines + (lines == 1 ? " line is" : " lines are")
                + " missing: the output was read too slowly; write it to a file";
    }

    /** Returns a check with its address, what was seen, and in a line of its own what to do. */
    private static String check(ObjectNode line) {
        JsonNode pass = line.path("pass");
        String result = pass.isNull() ? "skipped" : pass.asBoolean() ? "ok" : "FAILED";
        String cause = line.has("cause") ? text(line, "cause") + ": " : "";
        String seen = pass.isNull() ? text(line, "skipped") : text(line, "detail");
        String address = line.has("address") ? "\n    at " + text(line, "address") : "";
        String advice = line.has("advice") ? "\n    to do: " + text(line, "advice") : "";
        return String.format(
                Locale.ROOT, "%-8s %-10s %s%s%s%s", result, text(line, "name"), cause, seen, address, advice);
    }

    /** Returns {@code 1 peer} or {@code 2 peers}. */
    public static String peers(int count) {
        return count + (count == 1 ? " peer" : " peers");
    }

    /** Returns a value in one line, since other peers have chosen most of them. */
    private static String shown(JsonNode value) {
        return TerminalText.line(value.asText());
    }

    private static String refusals(ObjectNode line) {
        String refused = line.has("refused")
                ? ", refused by " + peers(line.path("refused").asInt())
                : "";
        return line.has("better") ? refused + ": one has a better record under this key" : refused;
    }

    private static String text(ObjectNode line, String field) {
        return shown(line.path(field));
    }

    private static String addresses(ObjectNode line) {
        StringBuilder text = new StringBuilder();
        line.path("addresses").forEach(address -> text.append("\n    ").append(shown(address)));
        return text.toString();
    }

    /** Returns a line for each field, aligned. */
    private static String table(ObjectNode line) {
        return line.properties().stream()
                .filter(field -> !field.getKey().equals("event"))
                .map(field -> String.format(Locale.ROOT, "\n  %-22s %s", field.getKey(), shown(field.getValue())))
                .collect(Collectors.joining("", "\nsummary", ""));
    }

    private static String fields(ObjectNode line) {
        String fields = pairs(line);
        return fields.isEmpty() ? "" : ": " + fields;
    }

    private static String pairs(JsonNode object) {
        return object.properties().stream()
                .filter(field -> !UNSHOWN.contains(field.getKey()))
                .map(field -> TerminalText.line(field.getKey()) + "=" + value(field.getValue()))
                .collect(Collectors.joining(" "));
    }

    /** Returns a value in one word, the values of a list with commas between them, and each object of a list in a line of its own. */
    private static String value(JsonNode value) {
        if (value.isObject()) {
            return pairs(value);
        } else if (!value.isArray()) {
            return shown(value);
        } else if (value.isEmpty()) {
            return "none";
        }
        String line = "\n    ";
        boolean isTable = value.path(0).isObject();
        String values = value.valueStream().map(TextFormatter::value).collect(Collectors.joining(isTable ? line : ","));
        return isTable ? line + values : values;
    }
}
