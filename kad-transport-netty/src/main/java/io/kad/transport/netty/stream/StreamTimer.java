package io.kad.transport.netty.stream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time a stream has: when it is over, something is done, mostly the stream closed. Belongs to one event loop. */
public final class StreamTimer {

    private @Nullable Future<?> running;

    /** Makes a timer that is not running. */
    public StreamTimer() {}

    /** Closes the stream of {@code ctx} in {@code seconds}, instead of whatever was due before. */
    public void closeAfter(ChannelHandlerContext ctx, long seconds) {
        schedule(ctx, seconds, ctx::close);
    }

    /** Runs {@code action} in {@code seconds}, instead of whatever was due before. */
    public void schedule(ChannelHandlerContext ctx, long seconds, Runnable action) {
        cancel();
        running = ctx.executor().schedule(action, seconds, TimeUnit.SECONDS);
    }

    /** Makes nothing due. */
    public void cancel() {
        Future<?> before = running;
        if (before != null) {
            running = null;
            before.cancel(false);
        }
    }
}
