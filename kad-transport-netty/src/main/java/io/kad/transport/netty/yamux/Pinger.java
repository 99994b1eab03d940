package io.kad.transport.netty.yamux;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.muxer.MuxerException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sender of Yamux pings: at most one is in flight, because some peers take an unexpected pong for an attack. A remote peer that sends no
 * byte at all within the timeout of a ping is reported as silent; one that only owes the pong is slow, and so is one that takes data
 * queued ahead of the ping. Confined to one event loop.
 */
final class Pinger {

    private static final long VALUE_MASK = 0xffff_ffffL;

    private final EventExecutor executor;
    private final YamuxLimits limits;
    private final BooleanSupplier isBlocked;
    private final LongConsumer sender;
    private final Runnable onSilent;

    private long value;
    private long sentNanos;
    private long receivedNanos;
    private boolean probeAgain;
    private boolean behindData;
    private boolean dataLeft;
    private @Nullable Promise<Duration> pending;
    private @Nullable ScheduledFuture<?> timeout;
    private @Nullable ScheduledFuture<?> keepAlive;
    private @Nullable MuxerException closed;

    /**
     * Creates an idle pinger.
     *
     * @param isBlocked returns whether the socket is full of data
     * @param sender sends a ping with the given value
     * @param onSilent called when no byte was received within the timeout of a ping
     */
    Pinger(
            EventExecutor executor,
            YamuxLimits limits,
            BooleanSupplier isBlocked,
            LongConsumer sender,
            Runnable onSilent) {
        this.executor = executor;
        this.limits = limits;
        this.isBlocked = isBlocked;
        this.sender = sender;
        this.onSilent = onSilent;
        this.receivedNanos = nanoTime();
    }

    /** Called when any bytes were received. */
    void onReceived() {
        receivedNanos = nanoTime();
    }

    /** Called when the socket has taken a frame with data. */
    void onDataSent() {
        dataLeft = true;
    }

    /** Tests whether the remote peer is there. A ping that is in flight may be answered already, so another one follows it. */
    void probe() {
        if (pending == null) {
            ping();
        } else {
            probeAgain = true;
        }
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
        sentNanos = nanoTime();
        behindData = isBlocked.getAsBoolean();
        dataLeft = false;
        timeout = executor.schedule(this::onTimeout, limits.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
        sender.accept(value);
        return promise;
    }

    /** Called with each pong. A late or unexpected one is ignored, because it costs nothing. */
    void onPong(long pongValue) {
        if (pending != null && pongValue == value) {
            Duration rtt = Duration.ofNanos(nanoTime() - sentNanos);
            probeAgain = false;
            finish().trySuccess(rtt);
        }
    }

    void close(MuxerException cause) {
        closed = cause;
        if (keepAlive != null) {
            keepAlive.cancel(false);
        }
        if (pending != null) {
            finish().tryFailure(cause);
        }
    }

    private void keepAlive() {
        if (nanoTime() - receivedNanos >= limits.keepAlive().toNanos()) {
            ping();
        }
    }

    private void onTimeout() {
        if (pending == null) {
            return;
        }
        boolean reading = behindData && dataLeft; // the ping may wait on its way behind data that a slow peer takes
        boolean silent = receivedNanos - sentNanos < 0 && !reading;
        boolean again = probeAgain;
        probeAgain = false;
        finish().tryFailure(
                        new TimeoutException("Yamux ping timed out after " + DurationText.of(limits.pingTimeout())));
        if (silent) {
            onSilent.run();
        } else if (again && closed == null) {
            ping();
        }
    }

    private long nanoTime() {
        return executor.ticker().nanoTime();
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
