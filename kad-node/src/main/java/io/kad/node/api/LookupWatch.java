package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.id.Bytes;
import io.kad.node.http.Exchange;
import io.kad.node.http.MediaType;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lines of a lookup as server-sent events, as they come; a slow reader delays its own lines only. No thread waits.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, server-sent events</a>
 */
final class LookupWatch {

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /** Most lines of a chunk: 100 of about 300 bytes, little of what a stream may hold unsent. */
    private static final int MAX_LINES = 100;

    private final Lookup lookup;
    private final Exchange exchange;
    private final ResponseStream stream;
    private int next;
    private CompletableFuture<Void> waiting = CompletableFuture.completedFuture(null);

    private LookupWatch(Lookup lookup, Exchange exchange, int from) {
        this.lookup = lookup;
        this.exchange = exchange;
        this.next = from;
        this.stream = exchange.stream(Response.head(200, MediaType.EVENT_STREAM));
    }

    /** Starts to write the lines of {@code lookup} from a number on; the future completes when the stream has ended. */
    static CompletableFuture<Void> start(Lookup lookup, Exchange exchange, int from) {
        LookupWatch watch = new LookupWatch(lookup, exchange, from);
        exchange.onEnd(watch::stop);
        return watch.goOn();
    }

    private synchronized void stop() {
        waiting.cancel(false);
    }

    /** Waits for a line, writes those that are there, and goes on when they have left. */
    private CompletableFuture<Void> goOn() {
        CompletableFuture<Void> line =
                lookup.line(next).completeOnTimeout(null, KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
        synchronized (this) {
            waiting = line;
        }
        if (exchange.isEnded()) {
            line.cancel(false);
        }
        return line.thenCompose(come -> {
            boolean ended = lookup.isEnded(); // read first: its lines are complete then
            List<ObjectNode> lines = lookup.lines(next, MAX_LINES);
            boolean isLast =
                    lines.isEmpty() ? ended : lines.get(lines.size() - 1).has("ok");
            CompletableFuture<Void> written = stream.write(chunk(lines));
            next += lines.size();
            return isLast ? written.thenRun(stream::end) : written.thenCompose(left -> goOn());
        });
    }

    /** Returns the events of the lines; without lines a comment, which keeps the connection open. */
    private Bytes chunk(List<ObjectNode> lines) {
        if (lines.isEmpty()) {
            return Bytes.utf8(": waiting\n\n");
        }
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            events.append("id: ")
                    .append(next + i)
                    .append("\ndata: ")
                    .append(lines.get(i))
                    .append("\n\n");
        }
        return Bytes.utf8(events.toString());
    }
}
