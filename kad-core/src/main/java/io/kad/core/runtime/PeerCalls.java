package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.spi.Callback;
import io.kad.api.spi.StoreException;
import io.kad.api.spi.TransportFailure;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Calls to the transport and to the stores as futures, which complete on the callback executor. Thread-safe. */
final class PeerCalls {

    private final Stores stores;
    private final Executor callbackExecutor;
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    PeerCalls(Stores stores, Executor callbackExecutor) {
        this.stores = stores;
        this.callbackExecutor = callbackExecutor;
    }

    /** A use of the stores. */
    @FunctionalInterface
    interface StoreCall<T> {

        /** Returns what the stores say. */
        T run(Stores stores) throws StoreException;
    }

    /** Returns the future result of a call to the transport. */
    <T> CompletableFuture<T> call(Consumer<Callback<T>> call) {
        CompletableFuture<T> result = begin();
        if (!result.isDone()) {
            call.accept(new Callback<T>() {
                @Override
                public void onSuccess(T value) {
                    callbackExecutor.execute(() -> result.complete(value));
                }

                @Override
                public void onFailure(TransportFailure failure) {
                    KadException cause = failure.kind() == TransportFailure.Kind.CLOSED && closed
                            ? EngineDriver.closedException()
                            : new KadException.TransportFailed(failure);
                    callbackExecutor.execute(() -> result.completeExceptionally(cause));
                }
            });
        }
        return result;
    }

    /** Returns the future result of a use of the stores. */
    <T> CompletableFuture<T> onStores(StoreCall<T> call) {
        CompletableFuture<T> result = begin();
        if (!result.isDone()) {
            stores.execute(() -> {
                try {
                    T value = call.run(stores);
                    callbackExecutor.execute(() -> result.complete(value));
                } catch (StoreException failed) {
                    KadException cause = new KadException.StoreFailed(String.valueOf(failed.getMessage()), failed);
                    callbackExecutor.execute(() -> result.completeExceptionally(cause));
                }
            });
        }
        return result;
    }

    private <T> CompletableFuture<T> begin() {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable end = () -> result.completeExceptionally(EngineDriver.closedException());
        open.add(end);
        var unused = result.whenComplete((value, failure) -> open.remove(end));
        if (closed) {
            end.run();
        }
        return result;
    }

    /** Ends every call that is under way with {@link KadException.Closed}. */
    void close() {
        closed = true;
        open.forEach(Runnable::run);
    }
}
