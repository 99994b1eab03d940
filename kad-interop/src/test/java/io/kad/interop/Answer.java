package io.kad.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a peer answered to one command.
 *
 * @param command the command, for messages
 * @param lines all lines of the answer; only the last one carries {@code ok}
 */
public record Answer(String command, List<JsonNode> lines) {

    public Answer {
        lines = List.copyOf(lines);
    }

    public JsonNode last() {
        return lines.get(lines.size() - 1);
    }

    public boolean ok() {
        return last().path("ok").asBoolean();
    }

    /** Returns the code of a refusal; empty for a success. */
    public String code() {
        return last().path("code").asText();
    }

    public String text(String field) {
        return last().path(field).asText();
    }

    public int number(String field) {
        return last().path(field).asInt();
    }

    /** Returns the value of a record. */
    public byte[] value() {
        return Base64.getDecoder().decode(text("value"));
    }

    /** Returns the ids of the peers that the lines before the last one name, in their order. */
    public List<String> peerIds() {
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> line.path("peerId").asText())
                .toList();
    }

    /** Returns the texts of an array in the last line. */
    public List<String> texts(String field) {
        return texts(last(), field);
    }

    static List<String> texts(JsonNode line, String field) {
        List<String> texts = new ArrayList<>();
        line.path(field).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Returns the addresses that a line tells of a peer; some implementations end them in the peer, others don't. */
    static List<String> addresses(JsonNode line) {
        return texts(line, "addresses").stream()
                .map(address -> address.replaceFirst("/p2p/[^/]+$", ""))
                .toList();
    }

    @Override
    public String toString() {
        return command + " -> " + lines;
    }
}
