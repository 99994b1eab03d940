package io.kad.node.diagnose;

import java.time.Duration;

/**
 * Times of the steps of a diagnosis: no more than each needs, and so little that all of them fit into the time of the command.
 *
 * @param dial time of a dial; the default options give up after 15 s
 * @param step time of each other step, of which four follow each other
 */
record StepTimes(Duration dial, Duration step) {

    private static final Duration DIAL = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofSeconds(12);

    /** Returns the times of a diagnosis that has {@code whole}. */
    static StepTimes within(Duration whole) {
        Duration part = whole.dividedBy(10);
        return new StepTimes(shorter(DIAL, part.multipliedBy(4)), shorter(STEP, part));
    }

    private static Duration shorter(Duration longest, Duration part) {
        Duration chosen = part.compareTo(longest) < 0 ? part : longest;
        return chosen.isZero() ? Duration.ofMillis(1) : chosen;
    }
}
