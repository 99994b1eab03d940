package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.TransportFailure;

/**
 * Takes how something ended; the first call decides, later ones have no effect. Callable from any thread.
 *
 * @param <T> what success yields
 */
public interface OperationPromise<T> {

    /** Ends it with {@code result}. */
    void succeed(T result);

    /** Ends it with a failure. */
    void fail(TransportFailure failure);

    /** Ends it with a failure. */
    default void fail(TransportFailure.Kind kind, String message) {
        fail(new TransportFailure(kind, message));
    }
}
