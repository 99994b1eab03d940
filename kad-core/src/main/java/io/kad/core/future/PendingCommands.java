package io.kad.core.future;

import io.kad.core.engine.CommandId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Commands of users without a result yet, by ID. Thread-safe. */
public final class PendingCommands {

    private final PendingFutures futures;
    private final Map<CommandId, CompletableFuture<?>> pending = new ConcurrentHashMap<>();

    public PendingCommands(PendingFutures futures) {
        this.futures = futures;
    }

    /** Registers {@code command} and returns the future of its result. */
    public <T> CompletableFuture<T> register(CommandId command) {
        CompletableFuture<T> promise = futures.newFuture();
        pending.put(command, promise);
        var unused = promise.whenComplete((result, failure) -> pending.remove(command));
        return promise;
    }

    /** Completes {@code command}; ignored if it is not pending. The engine pairs each kind of command with the type of its result. */
    @SuppressWarnings("unchecked")
    public <T> void complete(CommandId command, T result) {
        CompletableFuture<?> promise = pending.get(command);
        if (promise != null) {
            futures.complete((CompletableFuture<T>) promise, result);
        }
    }
}
