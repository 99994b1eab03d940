package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.TransportFailure;

/**
 * Promise of an operation: the first call completes it, later calls have no effect. May be called from any thread.
 *
 * @param <T> result of success
 */
public interface OperationPromise<T> {

    /** Completes the operation with {@code result}. */
    void succeed(T result);

    /** Completes the operation with a failure. */
    void fail(TransportFailure failure);

    /** Completes the operation with a failure of {@code kind}. */
    default void fail(TransportFailure.Kind kind, String message) {
        fail(new TransportFailure(kind, message));
    }
}
