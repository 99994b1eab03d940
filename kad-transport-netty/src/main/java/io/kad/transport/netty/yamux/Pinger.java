package io.kad.transport.netty.yamux;

import io.kad.api.text.DurationText;
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

/**
 * Sender of Yamux pings: at most one is in flight, because some peers take an unexpected pong for an attack. Confined
 * to one event loop.
 */
final class Pinger {

    private static final long VALUE_MASK = 0xffff_ffffL;

    private final EventExecutor executor;
    private final YamuxLimits limits;
    private final LongConsumer sender;
    private final Runnable onKeepAliveFailed;

    private long value;
    private long sentNanos;
    private @Nullable Promise<Duration> pending;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ScheduledFuture<?> keepAlive;
    private @Nullable YamuxException closed;

    /**
     * Creates an idle pinger.
     *
     * @param sender sends a ping with the given value
     * @param onKeepAliveFailed called when a keep-alive ping is not answered
     */
    Pinger(EventExecutor executor, YamuxLimits limits, LongConsumer sender, Runnable onKeepAliveFailed) {
        this.executor = executor;
        this.limits = limits;
        this.sender = sender;
        this.onKeepAliveFailed = onKeepAliveFailed;
    }

    /** Starts the keep-alive pings, if enabled. */
    void start() {
        long nanos = limits.keepAlive().toNanos();
        if (nanos > 0) {
            keepAlive = executor.scheduleWithFixedDelay(this::keepAlive, nanos, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Sends a ping, or shares the one in flight; returns the future RTT. */
    Future<Duration> ping() {
        if (pending != null) {
            return pending;
        }
        Promise<Duration> promise = executor.newPromise();
        if (closed != null) {
            return promise.setFailure(closed);
        }
        promise.setUncancellable(); // it may be shared
        pending = promise;
        value = (value + 1) & VALUE_MASK;
        sentNanos = executor.ticker().nanoTime();
        timeout = executor.schedule(this::onTimeout, limits.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
        sender.accept(value);
        return promise;
    }

    /** Called with each pong. A late or unexpected one is ignored, because it costs nothing. */
    void onPong(long pongValue) {
        if (pending != null && pongValue == value) {
            Duration rtt = Duration.ofNanos(executor.ticker().nanoTime() - sentNanos);
            finish().trySuccess(rtt);
        }
    }

    void close(YamuxException cause) {
        closed = cause;
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        if (pending != null) {
            finish().tryFailure(cause);
        }
    }

    private void keepAlive() {
        ping().addListener(pong -> {
            if (!pong.isSuccess() && closed == null) {
                onKeepAliveFailed.run();
            }
        });
    }

    private void onTimeout() {
        if (pending != null) {
            finish().tryFailure(new TimeoutException(
                    "Yamux ping timed out after " + DurationText.of(limits.pingTimeout())));
        }
    }

    private Promise<Duration> finish() {
        Promise<Duration> promise = Objects.requireNonNull(pending);
        pending = null;
        if (timeout != null) {
            timeout.cancel(false);
        }
        return promise;
    }
}
