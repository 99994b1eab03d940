package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Promise of the first attempt of an operation: if its connection is lost, it starts the second attempt, once, within the timeout of the
 * operation. A connection that the local peer closed because too many bytes waited is not lost in this sense: that failure is final.
 *
 * @param <T> result of success
 */
public final class FirstAttempt<T> implements OperationPromise<T> {

    private final Operation<?> operation;
    private final OperationPromise<T> promise;
    private final Consumer<TransportFailure> secondAttempt;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Creates the promise of a first attempt.
     *
     * @param operation the operation that both attempts belong to
     * @param promise completed unless the connection is lost
     * @param secondAttempt starts the second attempt; receives the loss
     */
    public FirstAttempt(Operation<?> operation, OperationPromise<T> promise, Consumer<TransportFailure> secondAttempt) {
        this.operation = operation;
        this.promise = promise;
        this.secondAttempt = secondAttempt;
    }

    @Override
    public void succeed(T result) {
        if (ended.compareAndSet(false, true)) {
            promise.succeed(result);
        }
    }

    @Override
    public void fail(TransportFailure failure) {
        if (!ended.compareAndSet(false, true)) {
            return; // each part of a stream reports the end of its connection
        }
        if (failure.kind() == Kind.CLOSED) {
            // When the transport closes, its connections fail after its operations: such an operation must not dial
            // again
            operation.ifPendingOrElse(() -> secondAttempt.accept(failure), () -> promise.fail(failure));
        } else {
            promise.fail(failure);
        }
    }
}
