package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.operation.OperationPromise;

/**
 * Promise of an operation on one connection, which gives the loss of that connection one kind, {@link Kind#CLOSED}, whichever part of a stream
 * notices it first: its negotiation, a write, the end of its channel. A connection that the local peer closed because too many bytes waited
 * is {@link Kind#OVERLOADED}: a repetition at once would bring the same bytes again.
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
        boolean ended = failure.kind() == Kind.RESET || failure.kind() == Kind.CLOSED;
        if (ended && connection.isEvicted() && !connection.isOpen()) {
            promise.fail(Kind.OVERLOADED, "connection closed, because too many bytes waited: " + failure.message());
            return;
        }
        boolean lost = failure.kind() == Kind.RESET && !connection.isOpen();
        promise.fail(lost ? new TransportFailure(Kind.CLOSED, "connection lost: " + failure.message()) : failure);
    }
}
