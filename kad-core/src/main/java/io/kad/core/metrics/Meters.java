package io.kad.core.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Counters, timers or summaries of one metric by the value of a label, each of which is requested once. Those with two labels are meters of meters,
 * so that nothing is created to find one. Thread-safe.
 */
final class Meters<M> {

    private final Map<String, M> byLabel = new ConcurrentHashMap<>();
    private final Function<String, M> create;

    /** Creates meters; {@code create} makes the one with the given value. */
    Meters(Function<String, M> create) {
        this.create = create;
    }

    M with(String label) {
        M known = byLabel.get(label);
        return known == null ? byLabel.computeIfAbsent(label, create) : known;
    }
}
