package io.kad.core.future;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A future answer that gives its query up when it is cancelled, times out, or is completed by anybody but the query. */
final class QueryFuture<T> extends CompletableFuture<T> {

    private volatile boolean known;

    QueryFuture(Runnable onAbandon) {
        // Covers every way in which a future can be completed, orTimeout included
        var unused = whenComplete((answer, failure) -> {
            if (!known) {
                onAbandon.run();
            }
        });
    }

    /** Notes that the query has ended, so that nobody can give it up any more; {@link #settle} follows. */
    void ended() {
        known = true;
    }

    /** Completes it with the answer, or with {@code failure}. */
    void settle(@Nullable T answer, @Nullable Throwable failure) {
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
