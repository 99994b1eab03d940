package io.kad.api.spi.transport;

/** Something under way that can be given up. */
@FunctionalInterface
public interface Cancellable {

    /**
     * Gives it up: what it uses is freed, and its callback receives {@link TransportFailure.Kind#CANCELLED} unless it was
     * called already. Repeating it has no effect. Callable from any thread.
     */
    void cancel();
}
