package io.kad.api.spi.transport;

/** Handle of a running operation, to cancel it. Thread-safe. */
@FunctionalInterface
public interface Cancellable {

    /**
     * Cancels the operation and frees its resources.
     *
     * <p>Its callback receives {@link TransportFailure.Kind#CANCELLED}, unless it was called before. A request that was sent may have been
     * handled by the remote peer already. Repeating the call has no effect.
     */
    void cancel();
}
