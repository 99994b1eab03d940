package io.kad.node.remote;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Quoting;
import io.kad.node.api.CommandPath;
import io.kad.node.http.MediaType;
import io.kad.node.output.OutputLine;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Response of a node: the lines of a command, which are passed on as they come, but the last one. Thread-safe. */
final class NodeResponse {

    /** Longest line, 32 MiB: a record of the largest message that a node reads by default, in base64 and as text with escapes. */
    static final int MAX_LINE_BYTES = 32 << 20;

    private static final String NO_NODE = "is not the HTTP API of a kad node: ";

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_LINE_BYTES)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Characters of a foreign type that an error shows. */
    private static final int MAX_TYPE_CHARS = 100;

    private static final int OK = 200;

    private final CommandPath command;
    private final Consumer<ObjectNode> output;
    private boolean hasBegun;
    private boolean isIgnored;
    private int status;
    private @Nullable ObjectNode last;

    /** Creates the response to a command, whose last line is the result of that command or an error. */
    NodeResponse(CommandPath command, Consumer<ObjectNode> output) {
        this.command = command;
        this.output = output;
    }

    /** Takes the head of the response, and returns what its body goes to; {@code type} is its type of media. */
    synchronized LineSplitter begin(int code, Optional<String> type) {
        status = code;
        boolean isNode = isOfNode(type);
        String named = type.map(NodeResponse::quoted).orElse("no type");
        return new LineSplitter(
                line -> {
                    if (!isNode) {
                        throw new UnusableResponse(NO_NODE + "it responds with status " + code + " and " + named);
                    }
                    take(line);
                },
                MAX_LINE_BYTES);
    }

    private static String quoted(String type) {
        return Quoting.text(type.length() > MAX_TYPE_CHARS ? type.substring(0, MAX_TYPE_CHARS) + "..." : type);
    }

    private static boolean isOfNode(Optional<String> type) {
        return type.map(MediaType::essence)
                .filter(essence -> essence.equals(MediaType.JSON) || essence.equals(MediaType.NDJSON))
                .isPresent();
    }

    private synchronized void take(byte[] bytes) throws UnusableResponse {
        ObjectNode line = parsed(bytes);
        if (last != null) {
            throw new UnusableResponse("sent a line behind the last one of its response");
        }
        hasBegun = true;
        if (line.has("ok")) {
            last = line;
        } else if (!isIgnored) {
            output.accept(line);
        }
    }

    private ObjectNode parsed(byte[] line) throws UnusableResponse {
        JsonNode parsed;
        try {
            parsed = JSON.readTree(line);
        } catch (IOException malformed) {
            throw unusable("no JSON");
        }
        boolean isLine = parsed instanceof ObjectNode
                && parsed.path("event").isTextual()
                && (!parsed.has("ok") || parsed.path("ok").isBoolean());
        if (!isLine) {
            throw unusable("no line of a command");
        }
        ObjectNode read = (ObjectNode) parsed;
        if (OutputLine.isError(read) ? !isRefusal(read) : read.has("ok") && !isResult(read)) {
            throw unusable("no line of the command " + command.command());
        }
        return read;
    }

    private static boolean isRefusal(ObjectNode error) {
        return error.has("ok")
                && !error.path("ok").asBoolean()
                && error.path("code").isTextual()
                && error.path("message").isTextual();
    }

    private boolean isResult(ObjectNode last) {
        return status == OK
                && last.path("event").asText().equals(command.result())
                && (last.path("ok").asBoolean() || command.mayFindFaults());
    }

    private UnusableResponse unusable(String what) {
        return new UnusableResponse(
                hasBegun
                        ? "sent a malformed line: " + what
                        : NO_NODE + "it responds with status " + status + " and " + what);
    }

    /** Returns the status; 0 before the answer. */
    synchronized int status() {
        return status;
    }

    /** Ignores what still comes, and returns the last line; empty if it has not come. */
    synchronized Optional<ObjectNode> end() {
        isIgnored = true;
        return Optional.ofNullable(last);
    }

    /** Returns why an answer that has ended has no last line. */
    synchronized UnusableResponse incomplete() {
        return new UnusableResponse(
                hasBegun
                        ? "ended its response before the last line"
                        : NO_NODE + "it responds with status " + status + " and nothing else");
    }
}
