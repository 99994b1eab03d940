package io.kad.node.api;

import io.kad.api.id.Bytes;
import io.kad.node.http.Exchange;
import io.kad.node.http.MediaType;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Bytes of the lines of a chunk, unless one line has more: little of what a stream may hold unsent. */
    private static final int CHUNK_BYTES = 32 * 1024;

    private static final Bytes END = Bytes.utf8("\n\n");

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
            Lookup.Lines more = lookup.lines(next, CHUNK_BYTES);
            CompletableFuture<Void> written = stream.write(chunk(more.lines()));
            next += more.lines().size();
            return more.isEnd() ? written.thenRun(stream::end) : written.thenCompose(left -> goOn());
        });
    }

    /** Returns the events of the lines; without lines a comment, which keeps the connection open. */
    private Bytes chunk(List<Bytes> lines) {
        if (lines.isEmpty()) {
            return Bytes.utf8(": waiting\n\n");
        }
        List<Bytes> events = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            events.add(Bytes.utf8("id: " + (next + i) + "\ndata: "));
            events.add(lines.get(i));
            events.add(END);
        }
        return Bytes.concat(events.toArray(Bytes[]::new));
    }
}
