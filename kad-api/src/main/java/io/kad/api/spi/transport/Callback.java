package io.kad.api.spi.transport;

import io.kad.api.id.Multiaddr;

/**
 * Receiver of the result of an asynchronous transport operation.
 *
 * <p>Exactly one of {@link #onSuccess} and {@link #onFailure} is called, once, as the last call, and never inside the call that the callback
 * was passed to. Calls run on a thread of the transport: implementations must not block and must not throw.
 *
 * @param <T> type of the result
 */
public interface Callback<T> {

    /**
     * Called before an attempt to connect at {@code address}, which has no peer ID; returns whether it may be made. Not called for an address that
     * the user has given, nor if another operation that waits for the same peer has allowed the attempt. Unlike the others, this call may come on any
     * thread and any number of times. A transport that does not dial never calls it.
     */
    default boolean tryDial(Multiaddr address) {
        return true;
    }

    /**
     * Called when a request or a message waits for others of the local peer before it is sent, such as those that fill a limit of its
     * connection: the time until {@link #onDequeued} does not count as time of the remote peer. A transport in which none waits never calls it.
     */
    default void onQueued() {}

    /** Called when a request or a message that was {@linkplain #onQueued queued} is sent; it then has its whole timeout. */
    default void onDequeued() {}

    /** Called when the operation succeeded. */
    void onSuccess(T result);

    /** Called when the operation failed; {@link TransportFailure.Kind} says whether a retry can help. */
    void onFailure(TransportFailure failure);
}
