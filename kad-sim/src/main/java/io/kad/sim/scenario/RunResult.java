package io.kad.sim.scenario;

import java.util.List;

/**
 * What became of one run.
 *
 * @param scenario the run
 * @param report what it has shown
 * @param traceHash the number that stands for all its messages, those of the last seed if there are several
 * @param failed the expectations that were not met
 */
public record RunResult(Scenario scenario, Report report, long traceHash, List<Expectation> failed) {

    public RunResult {
        failed = List.copyOf(failed);
    }

    /** Returns whether all is as expected. */
    public boolean isOk() {
        return failed.isEmpty();
    }
}
