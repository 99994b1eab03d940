package io.kad.transport.netty.operation;

import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asynchronous operation of the transport. Completes exactly once: by success, failure, timeout or cancellation.
 *
 * <p>State and callback are confined to one event loop; every method may be called from any thread.
 */
public final class Operation<T> implements OperationPromise<T>, Cancellable {

    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);

    private final EventExecutor executor;
    private final Callback<T> callback;
    private final Consumer<Operation<T>> onDone;
    private Duration timeout;
    private @Nullable Future<?> timer;
    private @Nullable Runnable cleanup;
    private @Nullable Runnable timeoutAction;
    private boolean done;
    private boolean queued;
    private boolean sent;

    Operation(EventExecutor executor, Duration timeout, Callback<T> callback, Consumer<Operation<T>> onDone) {
        this.executor = executor;
        this.timeout = timeout;
        this.callback = callback;
        this.onDone = onDone;
    }

    /** Returns the event loop on which the callback is called. */
    public EventExecutor executor() {
        return executor;
    }

    /** Starts the timeout and runs {@code work}, on the event loop and never within this call. */
    void start(Runnable work) {
        executor.execute(() -> {
            if (!done) {
                startTimer();
                work.run();
            }
        });
    }

    private void startTimer() {
        timer = executor.schedule(this::timeOut, timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void timeOut() {
        if (queued) {
            fail(
                    TransportFailure.Kind.OVERLOADED,
                    "request was not sent within " + DurationText.of(timeout)
                            + ": too many other requests or dials are in flight; retry later");
        } else {
            fail(TransportFailure.Kind.TIMEOUT, "operation timed out after " + DurationText.of(timeout));
        }
    }

    /**
     * Called when this operation was written to its first stream: from then on {@link #queued} has no effect, so a second attempt that waits shares the
     * timeout of the first.
     *
     * @param transferTime time that is added to the timeout, for a large message
     */
    public void markSent(Duration transferTime) {
        onLoop(() -> {
            if (!done && !sent && !transferTime.isZero()) {
                cancelTimer();
                timeout = timeout.plus(transferTime);
                startTimer();
            }
            sent = true;
        });
    }

    /** Returns whether an attempt to connect at {@code address} may be made for this operation, and counts it if so. */
    public boolean tryDial(Multiaddr address) {
        return callback.tryDial(address);
    }

    /** Called when this operation waits for other ones of the local peer; no effect once it was sent. */
    public void queued() {
        onLoop(() -> {
            if (!done && !queued && !sent) {
                queued = true;
                callback.onQueued();
            }
        });
    }

    /** Called when this operation waits for no other one any more; if it did, its timeout starts again. */
    public void dequeued() {
        onLoop(() -> {
            if (!done && queued) {
                queued = false;
                cancelTimer();
                startTimer();
                callback.onDequeued();
            }
        });
    }

    private void cancelTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Runs {@code pending} on the event loop if this operation has not completed, otherwise {@code completed}. */
    public void ifPendingOrElse(Runnable pending, Runnable completed) {
        onLoop(() -> {
            if (done) {
                completed.run();
            } else {
                pending.run();
            }
        });
    }

    /**
     * Sets the action that releases resources if this operation fails or is cancelled; replaces the one before. Runs it at once if this operation
     * has completed.
     */
    public void setOnAbort(Runnable action) {
        onLoop(() -> {
            if (done) {
                action.run();
            } else {
                cleanup = action;
            }
        });
    }

    /** Sets the action that runs if this operation times out later; replaces the one before. */
    public void setOnTimeout(Runnable action) {
        onLoop(() -> timeoutAction = action);
    }

    @Override
    public void succeed(T result) {
        onLoop(() -> {
            if (complete()) {
                callback.onSuccess(result);
            }
        });
    }

    @Override
    public void fail(TransportFailure failure) {
        onLoop(() -> {
            Runnable action = cleanup;
            Runnable onTimeout = failure.kind() == TransportFailure.Kind.TIMEOUT ? timeoutAction : null;
            if (complete()) {
                if (action != null) {
                    action.run();
                }
                if (onTimeout != null) {
                    onTimeout.run();
                }
                callback.onFailure(failure);
            }
        });
    }

    @Override
    public void cancel() {
        fail(TransportFailure.Kind.CANCELLED, "cancelled");
    }

    private boolean complete() {
        if (done) {
            return false;
        }
        done = true;
        cleanup = null;
        timeoutAction = null;
        cancelTimer();
        onDone.accept(this);
        return true;
    }

    private void onLoop(Runnable work) {
        EventLoops.runOn(executor, work, Operation::ignoreRejected);
    }

    /**
     * Logs a rejected call. Nothing is lost: the event loops terminate after the transport has failed every operation.
     */
    private static void ignoreRejected(RejectedExecutionException cause) {
        LOG.debug("ignored a call after the event loops terminated: {}", cause.getMessage());
    }
}
