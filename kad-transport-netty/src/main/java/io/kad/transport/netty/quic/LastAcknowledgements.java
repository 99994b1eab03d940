package io.kad.transport.netty.quic;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the remote peer has acknowledged what was sent on a connection that sends next to nothing more: until packets have come, and then none
 * for a while. The packet that closes a connection needs room in its congestion window, and would otherwise be lost. Confined to the event loop.
 */
final class LastAcknowledgements {

    private static final long PERIOD_MILLIS = 25;
    private static final int QUIET_PERIODS = 2;

    /** Longest wait: a remote peer that does not acknowledge anything by then is likely gone. */
    private static final long MAX_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final QuicChannel channel;
    private final Runnable next;
    private long received;
    private boolean hasReceived;
    private final long start;
    private int quietPeriods;

    private LastAcknowledgements(QuicChannel channel, Runnable next) {
        this.channel = channel;
        this.next = next;
        this.start = channel.eventLoop().ticker().nanoTime();
        this.received = received(channel);
    }

    /** Runs {@code next} once they have come, or after a second; sooner if the channel closes or its event loop ends before. */
    static void await(QuicChannel channel, Runnable next) {
        new LastAcknowledgements(channel, next).schedule();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing cancels it: it looks whether the channel is open
    private void schedule() {
        EventLoop loop = channel.eventLoop();
        if (loop.isShuttingDown()) {
            next.run();
        } else {
            loop.schedule(this::check, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void check() {
        long now = received(channel);
        quietPeriods = now == received ? quietPeriods + 1 : 0;
        hasReceived |= now != received;
        received = now;
        boolean isOver = channel.eventLoop().ticker().nanoTime() - start >= MAX_WAIT_NANOS;
        if (!channel.isOpen() || isOver || (hasReceived && quietPeriods >= QUIET_PERIODS)) {
            next.run();
        } else {
            schedule();
        }
    }

    /** Returns the number of received packets; on the event loop the result is there at once. */
    private static long received(QuicChannel channel) {
        Future<QuicConnectionStats> stats = channel.collectStats();
        return stats.isSuccess() ? stats.getNow().recv() : 0;
    }
}
