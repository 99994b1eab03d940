package io.kad.api.spi.transport;

/**
 * Receives the outcome of something asked of a transport.
 *
 * <p>Exactly one of the two methods is called, once, and never inside the call that was given this callback. It runs on a
 * thread of the transport: implementations return at once and don't throw.
 *
 * @param <T> what success yields
 */
public interface Callback<T> {

    /** Receives the result. */
    void onSuccess(T result);

    /** Receives the reason why there is no result. */
    void onFailure(TransportFailure failure);
}
