package io.kad.core.engine;

/** Takes the actions a machine decides on, in order. A sink never calls back into the machine. */
@FunctionalInterface
public interface ActionSink {

    /** Takes one action. */
    void emit(EngineAction action);
}
