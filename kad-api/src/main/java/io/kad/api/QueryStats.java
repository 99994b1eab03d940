package io.kad.api;

import java.time.Duration;

/**
 * What a query has cost so far.
 *
 * @param requests requests sent
 * @param successes requests that were answered
 * @param failures requests that failed or timed out
 * @param hops the length of the longest chain of peers of which one named the next, counted in requests
 * @param elapsed time since the query began
 */
public record QueryStats(int requests, int successes, int failures, int hops, Duration elapsed) {

    /** Returns how many requests are still without an outcome. */
    public int pending() {
        return requests - successes - failures;
    }
}
