package io.kad.bench.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Round of a comparison: each implementation is measured once. Immutable.
 *
 * @param number 0 for the warm-up, then from 1
 * @param order the implementations as they are measured
 */
record Round(int number, List<Implementation> order) {

    Round {
        order = List.copyOf(order);
    }

    /**
     * Returns the warm-up and {@code count} rounds, each of another order than the one before. If {@code count} is a multiple of the number of
     * implementations, each implementation is at each place equally often.
     *
     * <p>Without the warm-up, the load generator compiles its code while it measures the first implementation, and takes the processor from it.
     */
    static List<Round> all(int count, List<Implementation> implementations) {
        List<Round> rounds = new ArrayList<>(List.of(new Round(0, implementations)));
        List<Implementation> order = new ArrayList<>(implementations);
        for (int number = 1; number <= count; number++) {
            Collections.rotate(order, 1);
            rounds.add(new Round(number, order));
        }
        return List.copyOf(rounds);
    }

    /** Returns whether its measurements count. */
    boolean counts() {
        return number > 0;
    }

    /** Returns the round as it stands before each line of its output. */
    String title() {
        return counts() ? Integer.toString(number) : "warm-up";
    }
}
