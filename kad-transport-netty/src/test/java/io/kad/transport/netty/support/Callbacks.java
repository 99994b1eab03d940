package io.kad.transport.netty.support;

import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Callbacks of a transport. */
public final class Callbacks {

    private Callbacks() {}

    /** Returns a callback that completes {@code future}; with an {@code IOException} after a failure. */
    public static <T> Callback<T> completing(CompletableFuture<T> future) {
        return new Callback<>() {
            @Override
            public void onSuccess(T result) {
                future.complete(result);
            }

            @Override
            public void onFailure(TransportFailure failure) {
                future.completeExceptionally(new IOException(failure.toString()));
            }
        };
    }
}
