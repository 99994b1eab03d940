package io.kad.api;

import java.time.Duration;

/**
 * Cost of a query so far. Immutable.
 *
 * @param requests number of requests sent, or that wait for others of the local peer
 * @param successes number of requests that got a response
 * @param failures number of requests that failed or timed out
 * @param hops the largest hop of a peer that responded; 0 if none did. A hop is 1 for a peer of the routing table, otherwise one more than
 *     that of the peer that returned it
 * @param elapsed time since the start of the query
 */
public record QueryStats(int requests, int successes, int failures, int hops, Duration elapsed) {

    /** Cost of a query that was not started. */
    public static final QueryStats NONE = new QueryStats(0, 0, 0, 0, Duration.ZERO);

    /** Returns the number of requests without a result so far. */
    public int pending() {
        return requests - successes - failures;
    }
}
