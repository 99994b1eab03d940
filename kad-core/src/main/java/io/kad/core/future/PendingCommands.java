package io.kad.core.future;

import io.kad.core.engine.CommandId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The commands of users that the engine has not answered yet, by ID. Thread-safe. */
public final class PendingCommands {

    private final PendingFutures futures;
    private final Map<CommandId, CompletableFuture<?>> open = new ConcurrentHashMap<>();

    public PendingCommands(PendingFutures futures) {
        this.futures = futures;
    }

    /** Returns the future answer to {@code command}. */
    public <T> CompletableFuture<T> open(CommandId command) {
        CompletableFuture<T> promise = futures.open();
        open.put(command, promise);
        var unused = promise.whenComplete((answer, failure) -> open.remove(command));
        return promise;
    }

    /** Takes the answer of the engine, which pairs each kind of command with its kind of answer. */
    @SuppressWarnings("unchecked")
    public <T> void answer(CommandId command, T answer) {
        CompletableFuture<?> promise = open.get(command);
        if (promise != null) {
            futures.complete((CompletableFuture<T>) promise, answer);
        }
    }
}
