package io.kad.sim.scenario;

import java.time.Duration;

/**
 * Measured operations of a run.
 *
 * @param kind kind of the operations
 * @param lookups number of measured lookups; for {@link Kind#CHURN}, number of published records and of providers
 * @param searchers number of peers that start lookups; 0 for all honest servers
 * @param warmUp lookups of each searcher before the measurement, so that its timeouts have samples
 * @param crashShare share of peers that crash immediately before the measurement, 0 to 1
 * @param refreshesAfter number of times that every peer refreshes its table after the measurement, with another measurement each time
 * @param time duration of churn
 * @param sessions distribution of session lengths under churn
 */
public record Workload(
        Kind kind,
        int lookups,
        int searchers,
        int warmUp,
        double crashShare,
        int refreshesAfter,
        Duration time,
        WeibullDistribution sessions) {

    /** Kinds of workloads. */
    public enum Kind {
        /** Lookups of random keys; measures requests, round trips and recall of the true closest peers. */
        CLOSEST_PEERS,
        /** The same, and the round in which the first of the true closest peers is queried. */
        ROUNDS,
        /** Lookups of running peers by ID; measures the share that is found. */
        FIND_PEER,
        /** Lookups of published records and providers while peers crash and join. */
        CHURN
    }
}
