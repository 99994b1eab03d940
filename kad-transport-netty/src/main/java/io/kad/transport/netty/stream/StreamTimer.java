package io.kad.transport.netty.stream;

import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Timer of a stream with at most one scheduled action, usually closing the stream. To schedule it again costs no task of the event loop: the timers
 * of a connection share one ({@link DeadlineSweep}). Confined to one event loop.
 */
public final class StreamTimer {

    /** Action to run; null if none was scheduled, or it was cancelled. */
    private @Nullable Runnable action;

    private @Nullable DeadlineSweep sweep;
    /** Whether the sweep has this timer. */
    boolean isLinked;

    /** Whether the deadline has passed and the action is about to run. */
    boolean isDue;

    long deadlineNanos;

    @Nullable
    StreamTimer previous;

    @Nullable
    StreamTimer next;

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

    /** Runs {@code action} after {@code delay}; replaces the scheduled action. All calls are for the same stream. */
    public void schedule(ChannelHandlerContext ctx, Duration delay, Runnable action) {
        DeadlineSweep owner = sweep;
        if (owner == null) {
            owner = DeadlineSweep.of(ctx.channel());
            sweep = owner;
        }
        this.action = action;
        isDue = false;
        owner.schedule(this, delay.toNanos());
    }

    /** Cancels the scheduled action. */
    public void cancel() {
        action = null;
        isDue = false;
        DeadlineSweep owner = sweep;
        if (owner != null) {
            owner.remove(this);
        }
    }

    /** Runs the action, unless it was cancelled or scheduled again since its deadline was found to have passed. */
    void runIfDue() {
        Runnable current = action;
        if (isDue && current != null) {
            isDue = false;
            action = null;
            current.run();
        }
    }
}
