package io.kad.transport.netty.security;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time of the incomplete encrypted messages of one connection. Bytes that trickle in would otherwise keep such a message in memory for ever.
 * Confined to the event loop of the connection.
 *
 * <p>One check runs per timeout, not per message, because busy connections have an incomplete message at the end of most reads.
 */
public final class MessageTimer {

    private final String unit;
    private final BooleanSupplier isPartial;
    private @Nullable Limit limit;
    private @Nullable Future<?> check;
    private long beganNanos;
    private boolean stopped;

    private record Limit(Channel channel, long nanos, Runnable onTimeout) {}

    /** Handler of a connection that has such a timer. */
    public interface Owner extends ChannelHandler {

        /** Returns the timer of the connection. */
        MessageTimer messageTimer();
    }

    /**
     * Creates a timer without a limit.
     *
     * @param unit what may be incomplete, for people, such as {@code message of Noise}
     * @param isPartial returns whether a message has begun and is incomplete
     */
    public MessageTimer(String unit, BooleanSupplier isPartial) {
        this.unit = unit;
        this.isPartial = isPartial;
    }

    /** Returns what may be incomplete, for people. */
    String unit() {
        return unit;
    }

    /**
     * Limits the time from the first byte of a message until its last; that of a message that has begun already starts now.
     *
     * @param onTimeout called before the channel is closed
     */
    public void limit(Channel channel, Duration timeout, Runnable onTimeout) {
        limit = new Limit(channel, timeout.toNanos(), onTimeout);
        onReceived(true);
    }

    /**
     * Called when bytes were received.
     *
     * @param began whether the message that is incomplete now, if there is one, began with them
     */
    public void onReceived(boolean began) {
        Limit present = limit;
        if (present == null || stopped || !isPartial.getAsBoolean()) {
            return;
        }
        if (began) {
            beganNanos = nanoTime(present);
        }
        if (check == null) {
            schedule(present, present.nanos);
        }
    }

    private static long nanoTime(Limit limit) {
        return limit.channel.eventLoop().ticker().nanoTime();
    }

    private void schedule(Limit present, long nanos) {
        EventExecutor loop = present.channel.eventLoop();
        check = loop.schedule(() -> check(present), nanos, TimeUnit.NANOSECONDS);
    }

    private void check(Limit present) {
        check = null;
        if (stopped || !isPartial.getAsBoolean()) {
            return;
        }
        long remaining = present.nanos - (nanoTime(present) - beganNanos);
        if (remaining > 0) {
            schedule(present, remaining);
        } else {
            present.onTimeout.run();
            present.channel.close();
        }
    }

    /** Ends the timer. */
    public void stop() {
        stopped = true;
        Future<?> scheduled = check;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
