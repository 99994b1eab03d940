package io.kad.bench.compare;

import java.util.Locale;

/**
 * Requests of an implementation in one scenario, over all rounds. Immutable.
 *
 * @param requests all requests, served or not
 * @param notServed requests that failed, were not sent, or did not get what was requested
 */
record ServedShare(long requests, long notServed) {

    static final ServedShare NONE = new ServedShare(0, 0);

    /** One request of that many may be not served, as some fail on a busy machine. */
    private static final long TOLERATED_OF = 1000;

    ServedShare plus(ServedShare other) {
        return new ServedShare(requests + other.requests, notServed + other.notServed);
    }

    /** Returns whether all requests were served. */
    boolean isAll() {
        return notServed == 0;
    }

    /** Returns whether less than 0.1 % were not served: a server that refuses more has more time and memory for the others. */
    boolean isNearlyAll() {
        return isAll() || notServed * TOLERATED_OF < requests;
    }

    /** Returns the number of those that were not served, for people. */
    String text() {
        return String.format(Locale.ROOT, "%,d not served", notServed);
    }
}
