package io.kad.core.future;

import io.kad.api.KadException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The futures that users of a peer wait for, except those of queries: completed on the callback executor, and none is left when the
 * peer is closed. A user who completes or cancels one removes it from here, and the result that comes later is ignored. Thread-safe.
 */
public final class PendingFutures {

    private final Executor callbackExecutor;
    private final Set<CompletableFuture<?>> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public PendingFutures(Executor callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
    }

    public static KadException closedException() {
        return new KadException.Closed("the peer is closed");
    }

    public boolean isClosed() {
        return closed;
    }

    /** Returns a future to be completed by this, which has failed already if the peer is closed. */
    @SuppressWarnings("CollectionUndefinedEquality")
    public // a future equals itself alone, which is what is meant
    <T> CompletableFuture<T> open() {
        CompletableFuture<T> promise = new CompletableFuture<>();
        open.add(promise);
        var unused = promise.whenComplete((value, failure) -> open.remove(promise));
        if (closed) {
            promise.completeExceptionally(closedException());
        }
        return promise;
    }

    /** Completes {@code promise}, where users are called. */
    public <T> void complete(CompletableFuture<T> promise, @Nullable T value) {
        callbackExecutor.execute(() -> promise.complete(value));
    }

    /** Fails {@code promise}, where users are called. */
    public void fail(CompletableFuture<?> promise, Throwable failure) {
        callbackExecutor.execute(() -> promise.completeExceptionally(failure));
    }

    /** Fails every open future with {@link KadException.Closed}, and from now on each new one. */
    public void close() {
        closed = true;
        open.forEach(promise -> fail(promise, closedException()));
    }
}
