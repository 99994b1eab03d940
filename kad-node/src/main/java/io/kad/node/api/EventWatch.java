package io.kad.node.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.node.http.Exchange;
import io.kad.node.http.MediaType;
import io.kad.node.http.Response;
import io.kad.node.http.ResponseStream;
import io.kad.node.output.EventLine;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events of a node as server-sent events. Each is taken when the one before has left, so that a slow reader misses events, which its publisher
 * drops, and holds no more memory than any subscriber. No thread waits.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, server-sent events</a>
 */
final class EventWatch implements Flow.Subscriber<DhtEvent> {

    private static final long KEEP_ALIVE_SECONDS = 15;
    private static final Bytes COMMENT = Bytes.utf8(": waiting\n\n");

    private final ResponseStream stream;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile Flow.@Nullable Subscription subscription;

    private EventWatch(Exchange exchange) {
        stream = exchange.stream(Response.head(200, MediaType.EVENT_STREAM));
    }

    /** Starts to write the events; the future completes when the stream has ended. */
    static CompletableFuture<Void> start(Flow.Publisher<DhtEvent> events, Exchange exchange) {
        EventWatch watch = new EventWatch(exchange);
        events.subscribe(watch);
        exchange.onEnd(watch::stop);
        watch.keepAlive();
        return watch.ended;
    }

    /** Writes a comment now and then, which keeps the connection open, and finds a reader that is gone. */
    private void keepAlive() {
        if (!ended.isDone()) {
            var unused = stream.write(COMMENT);
            Executor later = CompletableFuture.delayedExecutor(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
            later.execute(this::keepAlive);
        }
    }

    private void stop() {
        ended.complete(null);
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }

    private void requestNext() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (ended.isDone()) {
            given.cancel(); // the stream ended before its subscription began
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(DhtEvent event) {
        Optional<ObjectNode> line = isRequest(event) ? Optional.empty() : EventLine.of(event);
        if (line.isEmpty()) {
            requestNext();
            return;
        }
        var unused = stream.write(Bytes.utf8("data: " + line.get() + "\n\n")).whenComplete((left, failure) -> {
            if (failure == null) {
                requestNext();
            } else {
                stop();
            }
        });
    }

    /** Returns whether {@code event} is a request of another peer: there may be thousands a second, which metrics count. */
    private static boolean isRequest(DhtEvent event) {
        return event instanceof DhtEvent.RequestServed
                || event instanceof DhtEvent.RequestTaken
                || event instanceof DhtEvent.TakenStored;
    }

    @Override
    public void onError(Throwable failure) {
        onComplete();
    }

    @Override
    public void onComplete() {
        stream.end();
        ended.complete(null);
    }
}
