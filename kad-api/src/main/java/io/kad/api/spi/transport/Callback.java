package io.kad.api.spi.transport;

/**
 * Receiver of the result of an asynchronous transport operation.
 *
 * <p>Exactly one of the two methods is called, once, and never inside the call that the callback was passed to. The call runs on a thread
 * of the transport: implementations must not block and must not throw.
 *
 * @param <T> type of the result
 */
public interface Callback<T> {

    /** Called when the operation succeeded. */
    void onSuccess(T result);

    /** Called when the operation failed; {@link TransportFailure.Kind} says whether a retry can help. */
    void onFailure(TransportFailure failure);
}
