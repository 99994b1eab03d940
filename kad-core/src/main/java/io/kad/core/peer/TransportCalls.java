package io.kad.core.peer;

import io.kad.api.KadException;
import io.kad.api.StoreSizes;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.future.PendingFutures;
import io.kad.core.runtime.StoreAccess;
import io.kad.core.runtime.Stores;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Calls of users that go to the transport and the stores, not to the engine, as futures. Thread-safe.
 *
 * <p>A future belongs to its user, who may complete or cancel it: that stops a transport operation, and a store call that has not begun.
 */
final class TransportCalls {

    private final PendingFutures futures;

    TransportCalls(PendingFutures futures) {
        this.futures = futures;
    }

    /** Returns the future result of a call to the transport; a user who completes the future cancels the call. */
    <T> CompletableFuture<T> transport(Function<Callback<T>, Cancellable> call) {
        CompletableFuture<T> promise = futures.open();
        if (promise.isDone()) {
            return promise;
        }
        Outcome<T> outcome = new Outcome<>(promise);
        Cancellable underWay = call.apply(outcome);
        var unused = promise.whenComplete((value, failure) -> {
            if (!outcome.known) {
                underWay.cancel();
            }
        });
        return promise;
    }

    private final class Outcome<T> implements Callback<T> {

        private final CompletableFuture<T> promise;
        private volatile boolean known;

        Outcome(CompletableFuture<T> promise) {
            this.promise = promise;
        }

        @Override
        public void onSuccess(T value) {
            known = true;
            futures.complete(promise, value);
        }

        @Override
        public void onFailure(TransportFailure failure) {
            known = true;
            boolean closed = failure.kind() == TransportFailure.Kind.CLOSED && futures.isClosed();
            futures.fail(
                    promise, closed ? PendingFutures.closedException() : new KadException.TransportFailed(failure));
        }
    }

    /** A use of a store that has a result. */
    @FunctionalInterface
    interface Reading<S, T> {

        /** Returns what the store says. */
        T from(S store) throws StoreException;
    }

    /** Returns the future result of a use of a store; a use that waits for the store executor is skipped once the future is done. */
    <S, T> CompletableFuture<T> store(StoreAccess<S> access, Reading<S, T> reading) {
        CompletableFuture<T> promise = futures.open();
        use(promise, access, store -> futures.complete(promise, reading.from(store)));
        return promise;
    }

    private <S> void use(CompletableFuture<?> promise, StoreAccess<S> access, StoreAccess.Use<S> use) {
        if (!promise.isDone()) {
            access.use(
                    store -> {
                        if (!promise.isDone()) {
                            use.with(store);
                        }
                    },
                    failure -> fail(promise, failure));
        }
    }

    /** Returns the future sizes of both stores. */
    CompletableFuture<StoreSizes> sizes(Stores stores) {
        CompletableFuture<StoreSizes> promise = futures.open();
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
