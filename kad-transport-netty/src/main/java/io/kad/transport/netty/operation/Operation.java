package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
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
 * One thing asked of the transport: ends exactly once, by success, failure, timeout or cancelling.
 *
 * <p>Its state and its callback belong to one event loop; every method may be called from any thread.
 */
public final class Operation<T> implements OperationPromise<T>, Cancellable {

    private static final Logger LOG = LoggerFactory.getLogger(Operation.class);

    private final EventExecutor executor;
    private final Callback<T> callback;
    private final Consumer<Operation<T>> onEnd;
    private final Duration timeout;
    private @Nullable Future<?> timer;
    private @Nullable Runnable release;
    private boolean ended;

    Operation(EventExecutor executor, Duration timeout, Callback<T> callback, Consumer<Operation<T>> onEnd) {
        this.executor = executor;
        this.timeout = timeout;
        this.callback = callback;
        this.onEnd = onEnd;
    }

    /** Returns the event loop it belongs to. */
    public EventExecutor executor() {
        return executor;
    }

    /** Starts the clock and runs {@code work} on the event loop, after the caller has returned. */
    void start(Runnable work) {
        executor.execute(() -> {
            if (!ended) {
                timer = executor.schedule(
                        () -> fail(TransportFailure.Kind.TIMEOUT, "no outcome within " + timeout),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
                work.run();
            }
        });
    }

    /** Runs {@code open} on the event loop if the operation has not ended, and {@code otherwise} if it has. */
    public void ifPendingOrElse(Runnable open, Runnable otherwise) {
        onLoop(() -> {
            if (ended) {
                otherwise.run();
            } else {
                open.run();
            }
        });
    }

    /** Sets what frees the resources in use if the operation ends; at once if it has ended. */
    public void setCleanup(Runnable action) {
        onLoop(() -> {
            if (ended) {
                action.run();
            } else {
                release = action;
            }
        });
    }

    @Override
    public void succeed(T result) {
        onLoop(() -> {
            if (end()) {
                callback.onSuccess(result);
            }
        });
    }

    @Override
    public void fail(TransportFailure failure) {
        onLoop(() -> {
            Runnable action = release;
            if (end()) {
                if (action != null) {
                    action.run();
                }
                callback.onFailure(failure);
            }
        });
    }

    @Override
    public void cancel() {
        fail(TransportFailure.Kind.CANCELLED, "cancelled");
    }

    private boolean end() {
        if (ended) {
            return false;
        }
        ended = true;
        release = null;
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        onEnd.accept(this);
        return true;
    }

    private void onLoop(Runnable work) {
        if (executor.inEventLoop()) {
            work.run();
            return;
        }
        try {
            executor.execute(work);
        } catch (RejectedExecutionException gone) {
            // The event loops end after the transport has ended every operation: what comes now comes too late
            LOG.debug("an operation of a closed transport: {}", gone.getMessage());
        }
    }
}
