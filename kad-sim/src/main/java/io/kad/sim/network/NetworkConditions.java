package io.kad.sim.network;

import static java.util.Objects.requireNonNull;

import io.kad.api.text.DurationText;
import java.time.Duration;

/**
 * What messages meet on their way.
 *
 * @param latency how long they take
 * @param jitter the most that a message takes longer, uniformly
 * @param loss the share of messages that never arrive, 0 to 1
 * @param duplication the share of messages that arrive twice, 0 to 1
 * @param reordering the share of messages that are overtaken: they take up to ten times as long, 0 to 1
 * @param dialRoundTrips round trips before the first message of a connection, from 0: then it goes out with the dial
 * @param connections whether connections exist; without, each message stands for itself, no peer learns who is connected, and tables
 *     stay as they are
 * @param keepAlive how long it takes a peer to find out that the other end of a connection is gone without a word
 */
public record NetworkConditions(
        Latency latency,
        Duration jitter,
        double loss,
        double duplication,
        double reordering,
        int dialRoundTrips,
        boolean connections,
        Duration keepAlive) {

    /** Messages take 25 to 75 ms, and nothing goes wrong. */
    public static final NetworkConditions GOOD = new NetworkConditions(
            Latency.uniform(Duration.ofMillis(25), Duration.ofMillis(75)),
            Duration.ZERO,
            0,
            0,
            0,
            1,
            true,
            Duration.ofSeconds(30));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public NetworkConditions {
        requireNonNull(latency, "latency");
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

    /** Returns these conditions with another latency. */
    public NetworkConditions withLatency(Latency other) {
        return new NetworkConditions(
                other, jitter, loss, duplication, reordering, dialRoundTrips, connections, keepAlive);
    }

    /** Returns these conditions with other faults. */
    public NetworkConditions withFaults(Duration jitter, double loss, double duplication, double reordering) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, dialRoundTrips, connections, keepAlive);
    }

    /** Returns these conditions with dials that take {@code roundTrips} before the first message. */
    public NetworkConditions withDialRoundTrips(int roundTrips) {
        return new NetworkConditions(
                latency, jitter, loss, duplication, reordering, roundTrips, connections, keepAlive);
    }

    /** Returns these conditions without connections. */
    public NetworkConditions withoutConnections() {
        return new NetworkConditions(latency, jitter, loss, duplication, reordering, dialRoundTrips, false, keepAlive);
    }
}
