package io.kad.sim.scenario;

import java.util.List;

/**
 * One run of a scenario file.
 *
 * @param name name of the run
 * @param setup the network
 * @param attack adversarial peers
 * @param faults injected faults
 * @param workload the measured operations
 * @param repeat number of seeds over which metrics are averaged, from 1: the seed of the setup and those that follow it
 * @param expectations limits of the metrics
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

    /** Returns this run with {@code count} lookups, one seed and no expectations, for a replay; a churn workload keeps its lookups. */
    Scenario limitedTo(int count) {
        Workload limited = workload.kind() == Workload.Kind.CHURN ? workload : workload.limitedTo(count);
        return new Scenario(name, setup, attack, faults, limited, 1, List.of());
    }
}
