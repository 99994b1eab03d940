package io.kad.transport.netty.kad;

import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.connection.PeerConnection;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Idle request streams of one connection, each of which serves a next request. The one that was used last is the first to be used again, and
 * those that stay unused are ended. Confined to the event loop of the connection.
 */
final class StreamPool {

    private static final AttributeKey<StreamPool> ATTRIBUTE = AttributeKey.valueOf(StreamPool.class, "pool");

    private final EventExecutor executor;
    private final int maxSize;
    private final long timeoutNanos;
    private final Deque<KadRequestStream> idle = new ArrayDeque<>();
    private boolean timerRuns;

    private StreamPool(EventExecutor executor, KadLimits limits) {
        this.executor = executor;
        this.maxSize = limits.streamPoolSize();
        this.timeoutNanos = limits.streamPoolTimeout().toNanos();
    }

    /** Returns the pool of {@code connection}. */
    static StreamPool of(PeerConnection connection, KadLimits limits) {
        Channel channel = connection.channel();
        StreamPool pool = channel.attr(ATTRIBUTE).get();
        if (pool == null) {
            pool = new StreamPool(channel.eventLoop(), limits);
            channel.attr(ATTRIBUTE).set(pool);
        }
        return pool;
    }

    /** Takes a stream; null if none is idle. */
    @Nullable
    KadRequestStream take() {
        return idle.pollLast();
    }

    /** Adds a stream whose request has its response; returns false if there are enough. */
    boolean offer(KadRequestStream stream) {
        if (idle.size() >= maxSize) {
            return false;
        }
        stream.setIdleSince(executor.ticker().nanoTime());
        idle.addLast(stream);
        startTimer(timeoutNanos);
        return true;
    }

    /**
     * Makes room for one more stream: ends the one that was idle for the longest time if the idle ones and the {@code running} requests together
     * are more than may be open.
     */
    void makeRoom(int running) {
        if (!idle.isEmpty() && idle.size() + running > TransportLimits.MAX_REQUESTS_PER_CONNECTION) {
            idle.removeFirst().finish();
        }
    }

    /** Called when a stream has ended: it serves no next request. */
    void remove(KadRequestStream stream) {
        idle.remove(stream);
    }

    private void startTimer(long delayNanos) {
        if (!timerRuns) {
            timerRuns = true;
            executor.schedule(this::endUnused, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void endUnused() {
        timerRuns = false;
        long now = executor.ticker().nanoTime();
        KadRequestStream oldest = idle.peekFirst();
        while (oldest != null && now - oldest.idleSince() >= timeoutNanos) {
            idle.removeFirst();
            oldest.finish();
            oldest = idle.peekFirst();
        }
        if (oldest != null) {
            startTimer(oldest.idleSince() + timeoutNanos - now);
        }
    }
}
