package io.kad.core.engine;

/**
 * State machine that is driven by events and emits actions; it does no I/O and has no clock. Confined to one thread at a time.
 *
 * @param <E> the events
 */
public interface StateMachine<E> {

    /** Handles {@code event} and every deadline that has passed by {@code now}, and emits the resulting actions. */
    void advance(Now now, E event, ActionSink out);

    /**
     * Returns the time at which this machine must be advanced even without an event, in the nanoseconds of {@link Now}; {@link
     * Long#MAX_VALUE} for none. After each advance it is in the future. Constant time.
     */
    long nextDeadlineNanos();
}
