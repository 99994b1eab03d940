package io.kad.core.engine;

/**
 * A state machine that is told what happened and says what to do.
 *
 * @param <E> what it is told
 */
public interface StateMachine<E> {

    /** Takes in {@code event} and whatever deadline has passed by {@code now}, and emits what is to be done. */
    void advance(Now now, E event, ActionSink out);

    /**
     * Returns when this machine is to be advanced even if nothing happens, in the nanoseconds of {@link Now}; {@link
     * Long#MAX_VALUE} for never. After each advance it lies in the future. Constant time.
     */
    long nextDeadlineNanos();
}
