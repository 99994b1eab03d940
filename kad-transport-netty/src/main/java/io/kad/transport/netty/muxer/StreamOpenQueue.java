package io.kad.transport.netty.muxer;

import io.kad.api.text.DurationText;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Queue of stream opens that wait until the limits of both peers allow another stream; first come, first served.
 * Confined to one event loop.
 */
public final class StreamOpenQueue {

    private final EventExecutor executor;
    private final int maxQueued;
    private final Duration timeout;
    private final BooleanSupplier hasCapacity;
    private final BiConsumer<ChannelHandler, Promise<MuxedStream>> opener;
    private final Queue<PendingOpen> queue = new ArrayDeque<>();
    private @Nullable MuxerException closed;

    /**
     * Creates a queue.
     *
     * @param maxQueued limit of queued opens; further ones fail
     * @param timeout limit of the time of a queued open
     * @param hasCapacity returns whether a stream may be opened now
     * @param opener opens a stream
     */
    public StreamOpenQueue(
            EventExecutor executor,
            int maxQueued,
            Duration timeout,
            BooleanSupplier hasCapacity,
            BiConsumer<ChannelHandler, Promise<MuxedStream>> opener) {
        this.executor = executor;
        this.maxQueued = maxQueued;
        this.timeout = timeout;
        this.hasCapacity = hasCapacity;
        this.opener = opener;
    }

    /**
     * Opens a stream as soon as the limits allow it; the promise fails if that exceeds the timeout or the queue is
     * full.
     */
    public void submit(ChannelHandler initializer, Promise<MuxedStream> promise) {
        if (closed != null) {
            promise.tryFailure(closed);
        } else if (queue.isEmpty() && hasCapacity.getAsBoolean()) {
            opener.accept(initializer, promise);
        } else if (queue.size() >= maxQueued) {
            promise.tryFailure(
                    new StreamLimitException("too many queued stream opens: limit of " + maxQueued + " reached"));
        } else {
            enqueue(new PendingOpen(initializer, promise));
        }
    }

    /** Opens queued streams as far as the limits allow. */
    public void openPending() {
        while (!queue.isEmpty() && hasCapacity.getAsBoolean()) {
            PendingOpen next = queue.remove();
            next.stopTimer();
            if (!next.promise.isDone()) {
                opener.accept(next.initializer, next.promise);
            }
        }
    }

    /** Fails all queued opens and all later ones. */
    public void close(MuxerException cause) {
        closed = cause;
        PendingOpen next = queue.poll();
        while (next != null) {
            next.stopTimer();
            next.promise.tryFailure(cause);
            next = queue.poll();
        }
    }

    private void enqueue(PendingOpen open) {
        queue.add(open);
        open.timer = executor.schedule(() -> onTimeout(open), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void onTimeout(PendingOpen open) {
        queue.remove(open);
        open.promise.tryFailure(
                new StreamLimitException("opening a stream timed out after " + DurationText.of(timeout)));
    }

    /** Queued open of one stream. */
    private static final class PendingOpen {

        final ChannelHandler initializer;
        final Promise<MuxedStream> promise;

        @Nullable
        ScheduledFuture<?> timer;

        PendingOpen(ChannelHandler initializer, Promise<MuxedStream> promise) {
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
