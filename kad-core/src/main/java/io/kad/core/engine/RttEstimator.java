package io.kad.core.engine;

import java.time.Duration;

/**
 * Estimator of the request timeout of one peer: the smoothed RTT plus four times its variation, doubled with each timeout in a row,
 * between a floor and a ceiling. Before the first response it is the ceiling. Confined to one thread at a time.
 *
 * <p>Source: RFC 6298, with the gains 1/8 and 1/4.
 */
final class RttEstimator {

    private static final int MAX_DOUBLINGS = 16;

    private double smoothedNanos;
    private double variationNanos;
    private boolean measured;
    private int timeouts;

    /** Records a response with its RTT in nanoseconds. */
    void onResponse(long rttNanos) {
        if (measured) {
            variationNanos += (Math.abs(rttNanos - smoothedNanos) - variationNanos) / 4;
            smoothedNanos += (rttNanos - smoothedNanos) / 8;
        } else {
            measured = true;
            smoothedNanos = rttNanos;
            variationNanos = rttNanos / 2.0;
        }
        timeouts = 0;
    }

    /** Records a timeout. */
    void onTimeout() {
        timeouts = Math.min(timeouts + 1, MAX_DOUBLINGS);
    }

    /** Returns the timeout of the next request. */
    Duration timeout(Duration floor, Duration ceiling) {
        if (!measured) {
            return ceiling;
        }
        double base = Math.max(smoothedNanos + 4 * variationNanos, (double) floor.toNanos());
        double nanos = Math.scalb(base, timeouts);
        return nanos < ceiling.toNanos() ? Duration.ofNanos((long) nanos) : ceiling;
    }
}
