package io.kad.core.peer;

import io.kad.api.KadException;
import io.kad.api.StoreSizes;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.future.PendingFutures;
import io.kad.core.runtime.StoreAccess;
import io.kad.core.runtime.Stores;
import io.kad.core.runtime.TransportDefects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls of users to the transport and the stores, as futures. They do not pass the engine. Thread-safe.
 *
 * <p>A user may complete or cancel a future. That cancels a transport operation, and a store call that has not started.
 */
final class DirectCalls {

    private final Transport transport;
    private final PendingFutures futures;
    private final Consumer<Runnable> afterEvents;

    /**
     * Creates the calls of one peer.
     *
     * @param afterEvents runs a task once the effects of all events that the transport has emitted are visible
     */
    DirectCalls(Transport transport, PendingFutures futures, Consumer<Runnable> afterEvents) {
        this.transport = transport;
        this.futures = futures;
        this.afterEvents = afterEvents;
    }

    /** Calls the transport and returns the future of the result. If the user completes or cancels the future, the call is cancelled. */
    <T> CompletableFuture<T> transport(Function<Callback<T>, Cancellable> call) {
        CompletableFuture<T> promise = futures.newFuture();
        if (promise.isDone()) {
            return promise;
        }
        Outcome<T> outcome = new Outcome<>(promise);
        Cancellable operation;
        try {
            operation = call.apply(outcome);
        } catch (Throwable e) {
            outcome.onFailure(TransportDefects.threw(transport, e));
            return promise;
        }
        if (operation == null) {
            outcome.onFailure(null);
            return promise;
        }
        var unused = promise.whenComplete((value, failure) -> {
            if (!outcome.completed) {
                operation.cancel();
            }
        });
        return promise;
    }

    /**
     * Calls the transport, then makes {@code next} and returns its future; if the transport throws, the future fails and nothing else happens.
     */
    <T> CompletableFuture<T> callThen(Consumer<Transport> call, Supplier<CompletableFuture<T>> next) {
        try {
            call.accept(transport);
        } catch (Throwable e) {
            CompletableFuture<T> promise = futures.newFuture();
            futures.fail(promise, new KadException.TransportFailed(TransportDefects.threw(transport, e)));
            return promise;
        }
        return next.get();
    }

    /** Reads the state of the transport; fails with {@link KadException.TransportFailed} if it throws or returns null. */
    <T> T read(Function<Transport, T> call) {
        T state;
        try {
            state = call.apply(transport);
        } catch (Throwable e) {
            throw new KadException.TransportFailed(TransportDefects.threw(transport, e));
        }
        if (state == null) {
            throw new KadException.TransportFailed(TransportDefects.returnedNull(transport));
        }
        return state;
    }

    /** Outcome of one call. If the transport breaks its contract and passes null, the call fails. */
    private final class Outcome<T> implements Callback<T> {

        private final CompletableFuture<T> promise;
        private volatile boolean completed;

        Outcome(CompletableFuture<T> promise) {
            this.promise = promise;
        }

        @Override
        public void onSuccess(@Nullable T value) {
            if (value == null) {
                onFailure(null);
                return;
            }
            completed = true;
            afterEvents.accept(() -> futures.complete(promise, value));
        }

        @Override
        public void onFailure(@Nullable TransportFailure reported) {
            TransportFailure failure = reported == null ? TransportDefects.returnedNull(transport) : reported;
            completed = true;
            boolean closed = failure.kind() == TransportFailure.Kind.CLOSED && futures.isClosed();
            KadException cause = closed ? PendingFutures.closedException() : new KadException.TransportFailed(failure);
            afterEvents.accept(() -> futures.fail(promise, cause));
        }
    }

    /** Call of a store with a result. */
    @FunctionalInterface
    interface StoreCall<S, T> {

        /** Returns the result of the call. */
        T apply(S store) throws StoreException;
    }

    /**
     * Calls a store and returns the future of the result. A call that still waits for the store executor is skipped once the future is
     * done.
     */
    <S, T> CompletableFuture<T> store(StoreAccess<S> access, StoreCall<S, T> call) {
        CompletableFuture<T> promise = futures.newFuture();
        if (!promise.isDone()) {
            access.call(
                    store -> promise.isDone() ? Optional.<T>empty() : Optional.of(call.apply(store)),
                    result -> result.ifPresent(value -> futures.complete(promise, value)),
                    failure -> fail(promise, failure));
        }
        return promise;
    }

    private <S> void use(CompletableFuture<?> promise, StoreAccess<S> access, StoreAccess.StoreTask<S> use) {
        if (!promise.isDone()) {
            access.withStore(
                    store -> {
                        if (!promise.isDone()) {
                            use.run(store);
                        }
                    },
                    failure -> fail(promise, failure));
        }
    }

    /** Returns the future of the sizes of both stores. */
    CompletableFuture<StoreSizes> sizes(Stores stores) {
        CompletableFuture<StoreSizes> promise = futures.newFuture();
        use(promise, stores.records(), records -> {
            long count = records.size();
            use(
                    promise,
                    stores.providers(),
                    providers -> futures.complete(promise, new StoreSizes(count, providers.size())));
        });
        return promise;
    }

    private void fail(CompletableFuture<?> promise, StoreException failure) {
        futures.fail(
                promise,
                failure instanceof StoreException.Closed && futures.isClosed()
                        ? PendingFutures.closedException()
                        : new KadException.StoreFailed(String.valueOf(failure.getMessage()), failure));
    }
}
