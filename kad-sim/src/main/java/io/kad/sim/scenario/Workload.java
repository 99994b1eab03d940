package io.kad.sim.scenario;

import java.time.Duration;

/**
 * What is done in a run.
 *
 * @param kind what is measured
 * @param lookups how many lookups are measured; for {@link Kind#CHURN}, how many records are published
 * @param searchers how many peers look things up; 0 for any
 * @param warmUp lookups of each searcher before, so that it knows how long requests take
 * @param crashShare the share of peers that crash at once before anything is measured, 0 to 1
 * @param refreshesAfter how often every peer refreshes its table afterwards, with figures after each time
 * @param time how long churn goes on
 * @param sessions how long peers stay
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

    /** The kinds of work. */
    public enum Kind {
        /** Lookups of random keys: requests, time, and how many of the true closest peers are found. */
        CLOSEST_PEERS,
        /** The same, and in which round of requests the first of the true closest peers is asked. */
        ROUNDS,
        /** Searches for peers that are there: how many are found. */
        FIND_PEER,
        /** Peers come and go while records and providers are published and looked for. */
        CHURN
    }
}
