package io.kad.sim.scenario;

/** Refusal of a scenario file; its message is one line that names the field and what is accepted. */
public final class ScenarioException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ScenarioException(String message) {
        super(message);
    }

    ScenarioException(String message, Throwable cause) {
        super(message, cause);
    }
}
