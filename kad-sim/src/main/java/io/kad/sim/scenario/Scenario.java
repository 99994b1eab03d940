package io.kad.sim.scenario;

import java.util.List;

/**
 * One run of a scenario file.
 *
 * @param name the name of the run
 * @param setting the network
 * @param attack what hostile peers do
 * @param faults what goes wrong
 * @param work what is done and measured
 * @param repeat over how many seeds figures are averaged: that of the setting, and those that follow it
 * @param expectations what the figures should be
 */
public record Scenario(
        String name,
        NetworkSetup setting,
        Attack attack,
        Faults faults,
        Workload work,
        int repeat,
        List<Expectation> expectations) {

    public Scenario {
        expectations = List.copyOf(expectations);
    }

    /** Returns this run with {@code seed} as its first one. */
    public Scenario withSeed(long seed) {
        return new Scenario(name, setting.withSeed(seed), attack, faults, work, repeat, expectations);
    }

    /** Returns this run with no more than {@code count} lookups; churn needs them all. */
    Scenario upTo(int count) {
        Workload shorter = work.kind() == Workload.Kind.CHURN
                ? work
                : new Workload(
                        work.kind(),
                        count,
                        work.searchers(),
                        work.warmUp(),
                        work.dying(),
                        0,
                        work.time(),
                        work.sessions());
        return new Scenario(name, setting, attack, faults, shorter, 1, List.of());
    }
}
