package io.kad.node.diagnose;

import java.time.Duration;

/**
 * Times of the steps of a diagnosis: no more than each needs, and so little that all of them fit into the time of the command.
 *
 * @param dial time of a dial; the default options give up after 15 s
 * @param step time of each other step, of which five follow each other; two dials are between them
 */
record StepTimes(Duration dial, Duration step) {

    private static final Duration DIAL = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofSeconds(12);

    /** Returns the times of a diagnosis that has {@code whole}. */
    static StepTimes within(Duration whole) {
        Duration part = whole.dividedBy(11);
        return new StepTimes(shorter(DIAL, part.multipliedBy(3)), shorter(STEP, part));
    }

    /** Returns the time of a step behind a dial. */
    Duration dialAndStep() {
        return dial.plus(step);
    }

    /** Returns whether a step has less time than it may need, as the command has little; then its end is no fault of a peer. */
    boolean areShort() {
        return step.compareTo(STEP) < 0;
    }

    private static Duration shorter(Duration longest, Duration part) {
        Duration chosen = part.compareTo(longest) < 0 ? part : longest;
        return chosen.isZero() ? Duration.ofMillis(1) : chosen;
    }
}
