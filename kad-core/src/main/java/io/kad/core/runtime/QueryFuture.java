package io.kad.core.runtime;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A future answer that gives its query up when it is cancelled, or completed by anybody but the query. */
final class QueryFuture<T> extends CompletableFuture<T> {

    private final AtomicBoolean ended = new AtomicBoolean();

    QueryFuture(Runnable onAbandon) {
        // Covers every way in which a future can be completed, orTimeout included
        var unused = whenComplete((answer, failure) -> {
            if (ended.compareAndSet(false, true)) {
                onAbandon.run();
            }
        });
    }

    /** Completes it with the answer, or with {@code failure}. */
    void completeFromWithin(@Nullable T answer, @Nullable Throwable failure) {
        ended.set(true);
        if (failure != null) {
            completeExceptionally(failure);
        } else {
            complete(answer);
        }
    }

    /** Makes the futures of later steps ordinary ones: cancelling one of them does not give up the query. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
