package io.kad.api.event;

/** Registration of an event listener, closed to end it. Thread-safe. */
public interface EventRegistration extends AutoCloseable {

    /**
     * Ends the registration: the listener is not called again, except for a call that is in progress. Repeating it has no effect. The
     * listener itself may call it.
     */
    @Override
    void close();
}
