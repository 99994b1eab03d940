package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Our pings: at most one is under way, because some peers take a pong that they did not expect for an attack. */
final class Pinger {

    private static final long VALUE_MASK = 0xffff_ffffL;

    private final EventExecutor executor;
    private final YamuxLimits limits;
    private final LongConsumer sender;
    private final Runnable peerIsDead;

    private long value;
    private long sentNanos;
    private @Nullable Promise<Duration> outstanding;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ScheduledFuture<?> keepAlive;
    private @Nullable YamuxException closed;

    /**
     * Makes an idle pinger.
     *
     * @param sender sends a ping with this value
     * @param peerIsDead what to do when a keep-alive ping is not answered
     */
    Pinger(EventExecutor executor, YamuxLimits limits, LongConsumer sender, Runnable peerIsDead) {
        this.executor = executor;
        this.limits = limits;
        this.sender = sender;
        this.peerIsDead = peerIsDead;
    }

    /** Starts the keep-alive pings, if there shall be any. */
    void start() {
        long nanos = limits.keepAlive().toNanos();
        if (nanos > 0) {
            keepAlive = executor.scheduleWithFixedDelay(this::keepAlive, nanos, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Sends a ping, or joins the one that is under way, and returns the round-trip time to come. */
    Future<Duration> ping() {
        if (outstanding != null) {
            return outstanding;
        }
        Promise<Duration> promise = executor.newPromise();
        if (closed != null) {
            return promise.setFailure(closed);
        }
        promise.setUncancellable(); // it may be shared
        outstanding = promise;
        value = (value + 1) & VALUE_MASK;
        sentNanos = executor.ticker().nanoTime();
        timeout = executor.schedule(this::timedOut, limits.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
        sender.accept(value);
        return promise;
    }

    /** Takes a pong; one that answers no ping of ours, or comes too late, is ignored: it costs us nothing. */
    void onPong(long pongValue) {
        if (outstanding != null && pongValue == value) {
            Duration roundTrip = Duration.ofNanos(executor.ticker().nanoTime() - sentNanos);
            take().trySuccess(roundTrip);
        }
    }

    void close(YamuxException cause) {
        closed = cause;
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        if (outstanding != null) {
            take().tryFailure(cause);
        }
    }

    private void keepAlive() {
        ping().addListener(pong -> {
            if (!pong.isSuccess() && closed == null) {
                peerIsDead.run();
            }
        });
    }

    private void timedOut() {
        if (outstanding != null) {
            take().tryFailure(new TimeoutException("no pong within " + limits.pingTimeout()));
        }
    }

    private Promise<Duration> take() {
        Promise<Duration> promise = Objects.requireNonNull(outstanding);
        outstanding = null;
        if (timeout != null) {
            timeout.cancel(false);
        }
        return promise;
    }
}
