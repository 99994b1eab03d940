package io.kad.sim.scenario;

import java.util.List;

/**
 * Result of one run.
 *
 * @param scenario the run
 * @param report its metrics and samples
 * @param traceHash hash over all messages of the run; of the last seed if there are several
 * @param encoded whether messages were encoded and decoded
 * @param failed expectations that were not met
 */
public record RunResult(Scenario scenario, Report report, long traceHash, boolean encoded, List<Expectation> failed) {

    public RunResult {
        failed = List.copyOf(failed);
    }

    /** Returns whether all expectations were met. */
    public boolean isOk() {
        return failed.isEmpty();
    }
}
