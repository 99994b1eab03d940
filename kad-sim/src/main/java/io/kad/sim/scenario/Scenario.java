package io.kad.sim.scenario;

import java.util.List;

/**
 * One run of a scenario file.
 *
 * @param name the name of the run
 * @param setup the network
 * @param attack what hostile peers do
 * @param faults what goes wrong
 * @param workload what is done and measured
 * @param repeat over how many seeds figures are averaged: that of the setting, and those that follow it
 * @param expectations what the figures should be
 */
public record Scenario(
        String name,
        NetworkSetup setup,
        Attack attack,
        Faults faults,
        Workload workload,
        int repeat,
        List<Expectation> expectations) {

    public Scenario {
        expectations = List.copyOf(expectations);
    }

    /** Returns this run with {@code seed} as its first one. */
    public Scenario withSeed(long seed) {
        return new Scenario(name, setup.withSeed(seed), attack, faults, workload, repeat, expectations);
    }

    /** Returns this run with no more than {@code count} lookups; churn needs them all. */
    Scenario limitedTo(int count) {
        Workload shorter = workload.kind() == Workload.Kind.CHURN
                ? workload
                : new Workload(
                        workload.kind(),
                        count,
                        workload.searchers(),
                        workload.warmUp(),
                        workload.crashShare(),
                        0,
                        workload.time(),
                        workload.sessions());
        return new Scenario(name, setup, attack, faults, shorter, 1, List.of());
    }
}
