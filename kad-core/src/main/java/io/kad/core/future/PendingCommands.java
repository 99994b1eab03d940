package io.kad.core.future;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The commands of users that the engine has not answered yet, by number. Thread-safe. */
public final class PendingCommands {

    private final PendingFutures futures;
    private final Map<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();

    public PendingCommands(PendingFutures futures) {
        this.futures = futures;
    }

    /** Returns the future answer to the command {@code number}. */
    public <T> CompletableFuture<T> open(long number) {
        CompletableFuture<T> promise = futures.open();
        open.put(number, promise);
        var unused = promise.whenComplete((answer, failure) -> open.remove(number));
        return promise;
    }

    /** Takes the answer of the engine, which pairs each kind of command with its kind of answer. */
    @SuppressWarnings("unchecked")
    public <T> void answer(long number, T answer) {
        CompletableFuture<?> promise = open.get(number);
        if (promise != null) {
            futures.complete((CompletableFuture<T>) promise, answer);
        }
    }
}
