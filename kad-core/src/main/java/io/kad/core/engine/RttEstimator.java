package io.kad.core.engine;

import java.time.Duration;

/**
 * How long one peer is given to answer, by how long it took before: the smoothed round trip and four times its variation, doubled with
 * each timeout in a row, between a floor and a ceiling. Before it has answered once it is given the ceiling.
 *
 * <p>Source: RFC 6298, with the gains 1/8 and 1/4.
 */
final class RttEstimator {

    private static final int MAX_DOUBLINGS = 16;

    private double smoothedNanos;
    private double variationNanos;
    private boolean measured;
    private int timeouts;

    /** Takes in that the peer answered after {@code nanos}. */
    void onResponse(long nanos) {
        if (measured) {
            variationNanos += (Math.abs(nanos - smoothedNanos) - variationNanos) / 4;
            smoothedNanos += (nanos - smoothedNanos) / 8;
        } else {
            measured = true;
            smoothedNanos = nanos;
            variationNanos = nanos / 2.0;
        }
        timeouts = 0;
    }

    /** Takes in that the peer did not answer in time. */
    void onTimeout() {
        timeouts = Math.min(timeouts + 1, MAX_DOUBLINGS);
    }

    /** Returns how long to wait for the next answer. */
    Duration timeout(Duration floor, Duration ceiling) {
        if (!measured) {
            return ceiling;
        }
        double usual = Math.max(smoothedNanos + 4 * variationNanos, (double) floor.toNanos());
        double nanos = Math.scalb(usual, timeouts);
        return nanos < ceiling.toNanos() ? Duration.ofNanos((long) nanos) : ceiling;
    }
}
