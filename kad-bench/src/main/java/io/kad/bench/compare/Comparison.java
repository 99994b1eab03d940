package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Metrics of the implementations in one scenario, over all rounds. Not thread-safe. */
final class Comparison {

    private final Map<Implementation, Map<ComparedMetric, List<Double>>> values = new EnumMap<>(Implementation.class);
    private final Map<Implementation, ServedShare> served = new EnumMap<>(Implementation.class);

    /** Adds the metrics of one round. */
    void add(Implementation implementation, LoadResult result) {
        addServed(implementation, result.metrics().requests(), result.notServed());
        for (ComparedMetric metric : ComparedMetric.values()) {
            metric.of(result).ifPresent(value -> add(implementation, metric, value));
        }
    }

    /** Adds the requests of one round, and how many of them were not served. */
    void addServed(Implementation implementation, long requests, long notServed) {
        served.merge(implementation, new ServedShare(requests, notServed), ServedShare::plus);
    }

    /** Adds one metric of one round. */
    void add(Implementation implementation, ComparedMetric metric, double value) {
        values.computeIfAbsent(implementation, added -> new EnumMap<>(ComparedMetric.class))
                .computeIfAbsent(metric, added -> new ArrayList<>())
                .add(value);
    }

    /** Returns the implementations that have been measured. */
    Set<Implementation> implementations() {
        return values.keySet();
    }

    /** Returns the middle value of the rounds; of an even number of them, the mean of the two in the middle; empty if there is no value. */
    OptionalDouble median(Implementation implementation, ComparedMetric metric) {
        List<Double> sorted = sorted(implementation, metric);
        if (sorted.isEmpty()) {
            return OptionalDouble.empty();
        }
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    /** Returns the values of all rounds, the least first. */
    List<Double> sorted(Implementation implementation, ComparedMetric metric) {
        return values.getOrDefault(implementation, Map.of()).getOrDefault(metric, List.of()).stream()
                .sorted()
                .toList();
    }

    /** Returns the requests of all rounds, and how many of them were not served. */
    ServedShare served(Implementation implementation) {
        return served.getOrDefault(implementation, ServedShare.NONE);
    }

    /** Returns whether an implementation is compared: it has served nearly every request, and it has a value. */
    boolean isCompared(Implementation implementation, ComparedMetric metric) {
        return served(implementation).isNearlyAll()
                && median(implementation, metric).isPresent();
    }

    /** Returns the implementation other than kad with the best median, of those that are compared. */
    Optional<Implementation> bestOther(ComparedMetric metric) {
        Comparator<Implementation> order =
                Comparator.comparingDouble(each -> median(each, metric).orElseThrow());
        return implementations().stream()
                .filter(each -> each != Implementation.KAD && isCompared(each, metric))
                .max(metric.moreIsBetter() ? order : order.reversed());
    }

    /**
     * Returns the median of kad divided by that of the best other implementation.
     *
     * @return empty if kad is not compared, or there is no other one to compare it with
     */
    OptionalDouble ratio(ComparedMetric metric) {
        Optional<Implementation> other = bestOther(metric);
        if (!isCompared(Implementation.KAD, metric) || other.isEmpty()) {
            return OptionalDouble.empty();
        }
        double divisor = median(other.get(), metric).orElseThrow();
        return divisor == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(median(Implementation.KAD, metric).orElseThrow() / divisor);
    }
}
