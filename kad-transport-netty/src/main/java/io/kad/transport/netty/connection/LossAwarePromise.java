package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.operation.OperationPromise;

/**
 * Promise of an operation on one connection, which gives the loss of that connection one reason and one kind, {@link Kind#CLOSED},
 * whichever part of a stream notices it first: its negotiation, a write, the end of its channel. A connection that the local peer closed
 * because too many bytes waited is {@link Kind#OVERLOADED}: a repetition now would bring the same bytes again. One that its user closed is
 * {@link Kind#CANCELLED}.
 *
 * @param <T> result of success
 */
public final class LossAwarePromise<T> implements OperationPromise<T> {

    private final PeerConnection connection;
    private final OperationPromise<T> promise;

    /** Creates a promise that completes {@code promise}. */
    public LossAwarePromise(PeerConnection connection, OperationPromise<T> promise) {
        this.connection = connection;
        this.promise = promise;
    }

    @Override
    public void succeed(T result) {
        promise.succeed(result);
    }

    @Override
    public void fail(TransportFailure failure) {
        boolean mayBeLoss = failure.kind() == Kind.RESET || failure.kind() == Kind.CLOSED;
        if (!mayBeLoss || connection.isOpen()) {
            promise.fail(failure);
        } else if (connection.isClosedByUser()) {
            promise.fail(Kind.CANCELLED, "the connection was closed by disconnect");
        } else if (connection.isClosedForOverload()) {
            promise.fail(Kind.OVERLOADED, "connection closed, because too many bytes waited: " + failure.message());
        } else {
            promise.fail(connection
                    .upgradeFailure()
                    .orElseGet(() -> new TransportFailure(
                            Kind.CLOSED, connection.endReason().orElse("connection lost"))));
        }
    }
}
