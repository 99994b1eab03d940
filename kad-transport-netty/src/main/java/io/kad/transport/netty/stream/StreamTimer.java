package io.kad.transport.netty.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Timer of a stream with at most one scheduled action, usually closing the stream. Confined to one event loop. */
public final class StreamTimer {

    private @Nullable Future<?> scheduled;

    /** Creates a timer without a scheduled action. */
    public StreamTimer() {}

    /** Closes the stream of {@code ctx} after {@code seconds}; replaces the scheduled action. */
    public void closeAfter(ChannelHandlerContext ctx, long seconds) {
        schedule(ctx, seconds, ctx::close);
    }

    /** Runs {@code action} after {@code seconds}; replaces the scheduled action. */
    public void schedule(ChannelHandlerContext ctx, long seconds, Runnable action) {
        schedule(ctx, Duration.ofSeconds(seconds), action);
    }

    /** Runs {@code action} after {@code delay}; replaces the scheduled action. */
    public void schedule(ChannelHandlerContext ctx, Duration delay, Runnable action) {
        cancel();
        scheduled = ctx.executor().schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns whether an action is scheduled and was not cancelled. It may have run. */
    public boolean isScheduled() {
        return scheduled != null;
    }

    /** Cancels the scheduled action. */
    public void cancel() {
        Future<?> current = scheduled;
        if (current != null) {
            scheduled = null;
            current.cancel(false);
        }
    }
}
