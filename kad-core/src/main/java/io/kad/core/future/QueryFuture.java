package io.kad.core.future;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Future of a query result. If it is cancelled, times out, or is completed by the user, it cancels the query. Thread-safe. */
final class QueryFuture<T> extends CompletableFuture<T> {

    private volatile boolean queryEnded;

    QueryFuture(Runnable onCancel) {
        // This covers every way to complete a future, including orTimeout
        var unused = whenComplete((result, failure) -> {
            if (!queryEnded) {
                onCancel.run();
            }
        });
    }

    /** Called when the query has ended, so that this future can't cancel it any more; {@link #completeWith} follows. */
    void queryEnded() {
        queryEnded = true;
    }

    /** Completes this future with {@code result}, or with {@code failure} unless that is null. */
    void completeWith(@Nullable T result, @Nullable Throwable failure) {
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(result);
        }
    }

    /** Returns an ordinary future for dependent stages: cancelling one of them does not cancel the query. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
