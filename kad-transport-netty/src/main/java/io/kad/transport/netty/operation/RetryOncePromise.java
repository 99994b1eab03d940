package io.kad.transport.netty.operation;

import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Promise of the first attempt of an operation: a failure of one kind starts the second attempt, once, within the timeout of the operation.
 * Every other failure is final.
 *
 * @param <T> result of success
 */
public final class RetryOncePromise<T> implements OperationPromise<T> {

    private final Operation<?> operation;
    private final OperationPromise<T> promise;
    private final Kind retried;
    private final Consumer<TransportFailure> secondAttempt;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * Creates the promise of a first attempt.
     *
     * @param operation the operation that both attempts belong to
     * @param promise completed unless the second attempt is started
     * @param retried kind of failure after which a second attempt is safe and has a chance
     * @param secondAttempt starts the second attempt; receives the failure of the first
     */
    public RetryOncePromise(
            Operation<?> operation,
            OperationPromise<T> promise,
            Kind retried,
            Consumer<TransportFailure> secondAttempt) {
        this.operation = operation;
        this.promise = promise;
        this.retried = retried;
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
            return; // each part of a stream reports its end
        }
        if (failure.kind() == retried) {
            // When the transport closes, its connections fail after its operations: such an operation must not dial
            // again
            operation.ifPendingOrElse(() -> secondAttempt.accept(failure), () -> promise.fail(failure));
        } else {
            promise.fail(failure);
        }
    }
}
