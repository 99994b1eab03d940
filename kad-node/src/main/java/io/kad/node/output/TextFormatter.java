package io.kad.node.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The form of answers for people. */
final class TextFormatter {

    private TextFormatter() {}

    static String of(ObjectNode line) {
        String event = line.path("event").asText();
        return switch (event) {
            case "error" ->
                "error (" + line.path("code").asText() + "): "
                        + line.path("message").asText() + reached(line);
            case "record" ->
                line.has("text")
                        ? line.path("text").asText()
                        : line.path("value").asText() + " (base64)";
            case "put" ->
                "stored by " + line.path("stored").asText() + " peers (quorum "
                        + line.path("quorum").asText() + ")";
            case "provided" -> "announced to " + line.path("announced").asText() + " peers";
            case "peer", "provider" -> line.path("peerId").asText() + items(line.path("addresses"), "\n    ");
            case "pong" -> "round trip " + line.path("rttMillis").asText() + " ms";
            case "hop" ->
                "  hop " + line.path("hop").asText() + "  "
                        + line.path("peerId").asText() + "  distance 2^"
                        + line.path("distanceLog2").asText() + "  "
                        + line.path("answer").asText() + "  "
                        + line.path("millis").asText() + " ms";
            case "listening" ->
                "listening as " + line.path("peerId").asText() + items(line.path("addresses"), "\n    ");
            case "summary" -> table(line);
            default -> event + fields(line);
        };
    }

    /** Returns a line for each field, aligned. */
    private static String table(ObjectNode line) {
        StringBuilder text = new StringBuilder("\nsummary");
        line.properties().forEach(field -> {
            if (!field.getKey().equals("event")) {
                text.append(String.format(
                        Locale.ROOT,
                        "%n  %-22s %s",
                        field.getKey(),
                        field.getValue().asText()));
            }
        });
        return text.toString();
    }

    private static String reached(ObjectNode line) {
        return line.has("stored") ? ", stored by " + line.path("stored").asText() + " peers" : "";
    }

    private static String items(JsonNode array, String separator) {
        StringBuilder text = new StringBuilder();
        array.forEach(item -> text.append(separator).append(item.asText()));
        return text.toString();
    }

    private static String fields(ObjectNode line) {
        List<String> fields = new ArrayList<>();
        line.properties().forEach(field -> {
            if (!field.getKey().equals("event") && !field.getKey().equals("ok")) {
                fields.add(field.getKey() + "="
                        + (field.getValue().isValueNode()
                                ? field.getValue().asText()
                                : field.getValue().toString()));
            }
        });
        return fields.isEmpty() ? "" : ": " + String.join(" ", fields);
    }
}
