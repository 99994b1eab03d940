package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Bytes;
import io.kad.node.http.Exchange;
import io.kad.node.http.HttpError;
import io.kad.node.http.MediaType;
import io.kad.node.http.Request;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import io.kad.node.output.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answer made of the lines of a command: each line as it comes, or one JSON object, the last line, with the lines before it as {@code results}. The
 * status follows from the first line, or from the last one of an object. A client that reads more slowly than the lines come misses some of them, hops first,
 * but not the last one, and is told how many; a result that misses some is a refusal. Thread-safe.
 */
final class CommandResponse implements Consumer<ObjectNode> {

    private final Exchange exchange;
    private final int success;
    private final boolean isStreamed;
    private final ArrayNode results = JsonNodeFactory.instance.arrayNode();
    private @Nullable ResponseStream stream;
    private CompletableFuture<Void> left = CompletableFuture.completedFuture(null);
    private final DroppedLines dropped = new DroppedLines("as this client read too slowly", "read them as they come");

    CommandResponse(Request request, Exchange exchange, int success) {
        this.exchange = exchange;
        this.success = success;
        this.isStreamed = request.mediaType().equals(MediaType.NDJSON);
    }

    @Override
    public synchronized void accept(ObjectNode line) {
        boolean isLast = line.has("ok");
        int status = status(line);
        if (isStreamed && stream == null && isLast && status == success) {
            // As a whole, since a stream may hold little unsent
            exchange.send(Response.text(status, MediaType.NDJSON, line + "\n"));
        } else if (isStreamed && (stream != null || status == success)) {
            write(line, isLast);
        } else if (isLast) {
            if (!results.isEmpty()) {
                line.set("results", results);
            }
            exchange.send(Response.json(status, line));
        } else {
            results.add(line);
        }
    }

    private void write(ObjectNode line, boolean isLast) {
        ResponseStream writing = stream;
        if (writing == null) {
            writing = exchange.stream(Response.head(success, MediaType.NDJSON));
            stream = writing;
        }
        if (isLast) {
            end(writing, dropped.last(line));
            return;
        }
        Bytes text = Bytes.utf8(line + "\n");
        // Hops leave room for the result
        if (DroppedLines.isHop(line) ? writing.hasRoomForMore(text) : writing.hasRoom(text)) {
            left = writing.write(text);
            return;
        }
        if (dropped.count() == 0) {
            writing.countLimit();
        }
        dropped.add(line);
    }

    /** Writes the last line once the others have left, as there is room for any line alone. */
    private void end(ResponseStream writing, ObjectNode last) {
        Bytes text = Bytes.utf8((dropped.count() == 0 ? "" : dropped.line() + "\n") + last + "\n");
        var unused = left.whenComplete((done, gone) -> {
            var unusedToo = writing.write(text);
            writing.end();
        });
    }

    private int status(ObjectNode line) {
        if (!line.has("code")) { // a diagnosis with faults is a success of the request
            return success;
        }
        String code = line.path("code").asText();
        for (ErrorCode known : ErrorCode.values()) {
            if (known.text().equals(code)) {
                return HttpError.of(known).status();
            }
        }
        return HttpError.INTERNAL.status();
    }
}
