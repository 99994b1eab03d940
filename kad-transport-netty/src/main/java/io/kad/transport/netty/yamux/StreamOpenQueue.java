package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxException;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The opens that wait for a place below the limits of this side or of the peer; first come, first served. */
final class StreamOpenQueue {

    private final EventExecutor executor;
    private final YamuxLimits limits;
    private final BooleanSupplier hasPlace;
    private final BiConsumer<ChannelHandler, Promise<YamuxStreamChannel>> opener;
    private final Queue<PendingOpen> waiting = new ArrayDeque<>();
    private @Nullable YamuxException closed;

    /**
     * Makes a queue.
     *
     * @param hasPlace whether a stream may be opened now
     * @param opener opens a stream now
     */
    StreamOpenQueue(
            EventExecutor executor,
            YamuxLimits limits,
            BooleanSupplier hasPlace,
            BiConsumer<ChannelHandler, Promise<YamuxStreamChannel>> opener) {
        this.executor = executor;
        this.limits = limits;
        this.hasPlace = hasPlace;
        this.opener = opener;
    }

    /** Opens a stream now or when there is a place; the promise fails if that takes too long. */
    void submit(ChannelHandler initializer, Promise<YamuxStreamChannel> promise) {
        if (closed != null) {
            promise.tryFailure(closed);
        } else if (waiting.isEmpty() && hasPlace.getAsBoolean()) {
            opener.accept(initializer, promise);
        } else if (waiting.size() >= limits.maxQueuedOpens()) {
            promise.tryFailure(YamuxStreamException.limit("too many opens are waiting"));
        } else {
            enqueue(new PendingOpen(initializer, promise));
        }
    }

    /** Opens what there is now a place for. */
    void openPending() {
        while (!waiting.isEmpty() && hasPlace.getAsBoolean()) {
            PendingOpen next = waiting.remove();
            next.stopTimer();
            if (!next.promise.isDone()) {
                opener.accept(next.initializer, next.promise);
            }
        }
    }

    /** Fails all that waits, and all that is still to come. */
    void close(YamuxException cause) {
        closed = cause;
        PendingOpen next = waiting.poll();
        while (next != null) {
            next.stopTimer();
            next.promise.tryFailure(cause);
            next = waiting.poll();
        }
    }

    private void enqueue(PendingOpen open) {
        waiting.add(open);
        open.timer = executor.schedule(() -> expire(open), limits.openTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void expire(PendingOpen open) {
        waiting.remove(open);
        open.promise.tryFailure(YamuxStreamException.limit("no place for a stream within " + limits.openTimeout()));
    }

    /** One open that waits. */
    private static final class PendingOpen {

        final ChannelHandler initializer;
        final Promise<YamuxStreamChannel> promise;

        @Nullable
        ScheduledFuture<?> timer;

        PendingOpen(ChannelHandler initializer, Promise<YamuxStreamChannel> promise) {
            this.initializer = initializer;
            this.promise = promise;
        }

        void stopTimer() {
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
