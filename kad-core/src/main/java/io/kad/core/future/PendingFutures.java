package io.kad.core.future;

import io.kad.api.KadException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Pending futures of the users of a peer, except those of queries. They complete on the callback executor, and fail when the peer is
 * closed. If a user completes or cancels a future, it is removed here, and a later result is ignored. Thread-safe.
 */
public final class PendingFutures {

    private final Executor callbackExecutor;
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    public PendingFutures(Executor callbackExecutor) {
        this.callbackExecutor = callbackExecutor;
    }

    /** Returns the failure of every operation of a closed peer. */
    public static KadException closedException() {
        return new KadException.Closed("the peer is closed");
    }

    public boolean isClosed() {
        return closed;
    }

    /** Returns a new pending future; it has failed already if the peer is closed. */
    @SuppressWarnings("CollectionUndefinedEquality") // futures are compared by identity
    public <T> CompletableFuture<T> newFuture() {
        CompletableFuture<T> promise = new CompletableFuture<>();
        pending.add(promise);
        var unused = promise.whenComplete((value, failure) -> pending.remove(promise));
        if (closed) {
            promise.completeExceptionally(closedException());
        }
        return promise;
    }

    /** Completes {@code promise} on the callback executor. */
    public <T> void complete(CompletableFuture<T> promise, @Nullable T value) {
        callbackExecutor.execute(() -> promise.complete(value));
    }

    /** Fails {@code promise} on the callback executor. */
    public void fail(CompletableFuture<?> promise, Throwable failure) {
        callbackExecutor.execute(() -> promise.completeExceptionally(failure));
    }

    /** Fails every pending future with {@link KadException.Closed}, and from now on each new one. */
    public void close() {
        closed = true;
        pending.forEach(promise -> fail(promise, closedException()));
    }
}
