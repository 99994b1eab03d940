package io.kad.core.engine;

/** Receiver of the actions of a state machine, in order. It must not call back into the machine. */
@FunctionalInterface
public interface ActionSink {

    /** Receives one action. */
    void emit(EngineAction action);
}
