package io.kad.core.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Counters, timers or summaries of one metric by the values of their labels, each of which is requested once. Thread-safe. */
final class Meters<M> {

    private final Map<List<String>, M> byLabels = new ConcurrentHashMap<>();
    private final Function<String[], M> create;

    /** Creates meters; {@code create} makes the one with the given label values. */
    Meters(Function<String[], M> create) {
        this.create = create;
    }

    M with(String... labels) {
        List<String> key = List.of(labels);
        M known = byLabels.get(key);
        return known == null ? byLabels.computeIfAbsent(key, missing -> create.apply(labels)) : known;
    }
}
