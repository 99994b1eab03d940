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
import java.util.function.Consumer;
import java.util.function.Function;

/** What users ask of the transport and the stores, not of the engine, as futures. Thread-safe. */
final class TransportCalls {

    private final PendingFutures futures;

    TransportCalls(PendingFutures futures) {
        this.futures = futures;
    }

    /** Returns the future result of a call to the transport; completing it from outside gives the call up. */
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

    /** Returns the future result of a use of a store. */
    <S, T> CompletableFuture<T> store(StoreAccess<S> access, Reading<S, T> reading) {
        CompletableFuture<T> promise = futures.open();
        if (!promise.isDone()) {
            access.use(store -> futures.complete(promise, reading.from(store)), failure -> fail(promise, failure));
        }
        return promise;
    }

    /** Returns the future sizes of both stores. */
    CompletableFuture<StoreSizes> sizes(Stores stores) {
        CompletableFuture<StoreSizes> promise = futures.open();
        if (!promise.isDone()) {
            Consumer<StoreException> onFailure = failure -> fail(promise, failure);
            stores.records()
                    .use(
                            records -> {
                                long held = records.size();
                                stores.providers()
                                        .use(
                                                providers -> futures.complete(
                                                        promise, new StoreSizes(held, providers.size())),
                                                onFailure);
                            },
                            onFailure);
        }
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
