package io.kad.transport.netty.identify;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import java.util.concurrent.CompletableFuture;

/** Callback that completes a future. */
record Completing<T>(CompletableFuture<T> future) implements Callback<T> {

    @Override
    public void onSuccess(T result) {
        future.complete(result);
    }

    @Override
    public void onFailure(TransportFailure failure) {
        future.completeExceptionally(new AssertionError(failure.toString()));
    }
}
