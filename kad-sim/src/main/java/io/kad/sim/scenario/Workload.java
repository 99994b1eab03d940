package io.kad.sim.scenario;

import java.time.Duration;

/**
 * Measured operations of a run.
 *
 * @param kind kind of the operations
 * @param lookups number of measured lookups; for {@link Kind#CHURN}, number of published records and of providers
 * @param searchers number of peers that start lookups; 0 for all honest servers
 * @param lookupsEach number of measured lookups that each searcher makes in a row, from 1; 0 if a random one makes each lookup
 * @param warmUp lookups of each searcher before the measurement, so that its timeouts have samples
 * @param pause time from the end of a lookup to the start of the next, in which late responses arrive
 * @param deadShare share of peers that crash before the warm-up, so that every searcher measures how many fail, 0 to 1
 * @param crashShare share of peers that crash immediately before the measurement, 0 to 1
 * @param refreshesAfter number of times that every peer refreshes its table after the measurement, with another measurement each time
 * @param time duration of churn
 * @param publishersLeave whether publishers have sessions too and never come back; if not, they keep running
 * @param sessions distribution of session lengths under churn
 */
public record Workload(
        Kind kind,
        int lookups,
        int searchers,
        int lookupsEach,
        int warmUp,
        Duration pause,
        double deadShare,
        double crashShare,
        int refreshesAfter,
        Duration time,
        boolean publishersLeave,
        WeibullDistribution sessions) {

    /** Returns how many lookups the first measurement starts: of records and of providers under churn. */
    public long measuredLookups() {
        return kind == Kind.CHURN ? 2L * ChurnWorkload.probes(this) * ChurnWorkload.perProbe(this) : lookups;
    }

    /** Returns this workload with {@code count} measured lookups and no refreshes after it. */
    Workload limitedTo(int count) {
        return new Workload(
                kind,
                count,
                searchers,
                lookupsEach,
                warmUp,
                pause,
                deadShare,
                crashShare,
                0,
                time,
                publishersLeave,
                sessions);
    }

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
