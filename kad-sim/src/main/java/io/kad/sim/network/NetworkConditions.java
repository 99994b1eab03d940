package io.kad.sim.network;

import static java.util.Objects.requireNonNull;

import io.kad.api.text.DurationText;
import java.time.Duration;

/**
 * Latency and faults of the messages of a network, and its rules of connections. Immutable.
 *
 * @param latency one-way latency
 * @param jitter maximum additional latency of a message, drawn uniformly from 0
 * @param loss probability that a message is lost, 0 to 1
 * @param duplication probability that a message arrives twice, 0 to 1
 * @param reordering probability that the latency of a message is multiplied by 1 to 10, so that later messages overtake it, 0 to 1
 * @param dialRoundTrips round trips before the first request of a connection, 0 to 100; at 0 the request is sent with the dial
 * @param connections false for a network without connections: no peer is identified or connected, so ideal tables do not change
 * @param keepAlive time until a connection to a crashed peer is closed
 * @param reachability addresses of the peers and simultaneous dials; several addresses need {@code connections} and dials of a round trip
 */
public record NetworkConditions(
        Latency latency,
        Duration jitter,
        double loss,
        double duplication,
        double reordering,
        int dialRoundTrips,
        boolean connections,
        Duration keepAlive,
        Reachability reachability) {

    /** Conditions without faults: latency of 25 to 75 ms, one round trip per dial, keep-alive of 30 s. */
    public static final NetworkConditions GOOD = new NetworkConditions(
            Latency.uniform(Duration.ofMillis(25), Duration.ofMillis(75)),
            Duration.ZERO,
            0,
            0,
            0,
            1,
            true,
            Duration.ofSeconds(30),
            Reachability.SIMPLE);

    /**
     * Creates conditions.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public NetworkConditions {
        requireNonNull(latency, "latency");
        requireNonNull(reachability, "reachability");
        if (reachability.needsDials() && (!connections || dialRoundTrips == 0)) {
            throw new IllegalArgumentException(
                    "several addresses and simultaneous dials need connections and" + " dialRoundTrips of 1 or more");
        }
        requireNotNegative(jitter, "jitter");
        requireNotNegative(keepAlive, "keepAlive");
        requireShare(loss, "loss");
        requireShare(duplication, "duplication");
        requireShare(reordering, "reordering");
        if (dialRoundTrips < 0 || dialRoundTrips > 100) {
            throw new IllegalArgumentException("dialRoundTrips must be between 0 and 100, got " + dialRoundTrips);
        }
    }

    private static void requireNotNegative(Duration duration, String name) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, got " + DurationText.of(duration));
        }
    }

    private static void requireShare(double share, String name) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must be between 0 and 1, got " + share);
        }
    }

    /** Returns these conditions with that latency. */
    public NetworkConditions withLatency(Latency latency) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, dialRoundTrips, connections, keepAlive, reachability);
    }

    /** Returns these conditions with those faults. */
    public NetworkConditions withFaults(Duration jitter, double loss, double duplication, double reordering) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, dialRoundTrips, connections, keepAlive, reachability);
    }

    /** Returns these conditions with {@code roundTrips} round trips per dial. */
    public NetworkConditions withDialRoundTrips(int roundTrips) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, roundTrips, connections, keepAlive, reachability);
    }

    /** Returns these conditions with those rules of addresses and dials. */
    public NetworkConditions withReachability(Reachability reachability) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, dialRoundTrips, connections, keepAlive, reachability);
    }

    /** Returns these conditions without connections. */
    public NetworkConditions withoutConnections() {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, dialRoundTrips, false, keepAlive, reachability);
    }
}
