package io.kad.transport.netty.quic;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until the remote peer has acknowledged what was sent on a connection that sends next to nothing more: until packets have come, and then none
 * for a while. The packet that closes a connection needs room in its congestion window, and would otherwise be lost. Confined to the event loop.
 */
final class LastAcknowledgements {

    private static final long PERIOD_MILLIS = 25;
    private static final int QUIET_PERIODS = 2;

    private final QuicChannel channel;
    private final long timeoutNanos;
    private final Runnable next;
    private final long start;
    private long received;
    private boolean hasReceived;
    private int quietPeriods;
    private boolean ended;

    private LastAcknowledgements(QuicChannel channel, Duration timeout, Runnable next) {
        this.channel = channel;
        this.timeoutNanos = timeout.toNanos();
        this.next = next;
        this.start = channel.eventLoop().ticker().nanoTime();
        this.received = received(channel);
    }

    /** Runs {@code next} once: when they have come, or after {@code timeout}; sooner if the channel closes or its event loop ends before. */
    static void await(QuicChannel channel, Duration timeout, Runnable next) {
        LastAcknowledgements acknowledgements = new LastAcknowledgements(channel, timeout, next);
        channel.closeFuture().addListener(closed -> acknowledgements.end());
        acknowledgements.schedule();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nothing cancels it: it looks whether the wait has ended
    private void schedule() {
        EventLoop loop = channel.eventLoop();
        if (loop.isShuttingDown()) {
            end();
        } else {
            loop.schedule(this::check, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            next.run();
        }
    }

    private void check() {
        if (ended) {
            return;
        }
        long now = received(channel);
        quietPeriods = now == received ? quietPeriods + 1 : 0;
        hasReceived |= now != received;
        received = now;
        boolean isOver = channel.eventLoop().ticker().nanoTime() - start >= timeoutNanos;
        if (isOver || (hasReceived && quietPeriods >= QUIET_PERIODS)) {
            end();
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
