package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Metrics of the implementations in one scenario, over all rounds. Not thread-safe. */
final class Comparison {

    private static final String NO_VALUE = "-";

    private final Map<Implementation, Map<ComparedMetric, List<Double>>> values = new EnumMap<>(Implementation.class);

    /** Adds the metrics of one round. */
    void add(Implementation implementation, LoadResult result) {
        for (ComparedMetric metric : ComparedMetric.values()) {
            metric.of(result).ifPresent(value -> add(implementation, metric, value));
        }
    }

    /** Adds one metric of one round. */
    void add(Implementation implementation, ComparedMetric metric, double value) {
        values.computeIfAbsent(implementation, added -> new EnumMap<>(ComparedMetric.class))
                .computeIfAbsent(metric, added -> new ArrayList<>())
                .add(value);
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

    private List<Double> sorted(Implementation implementation, ComparedMetric metric) {
        return values.getOrDefault(implementation, Map.of()).getOrDefault(metric, List.of()).stream()
                .sorted()
                .toList();
    }

    /** Returns whether an implementation has served every request: one that refuses some has more time and memory for the others. */
    private boolean servedAll(Implementation implementation) {
        return sorted(implementation, ComparedMetric.FAILED).stream().allMatch(failed -> failed == 0);
    }

    /** Returns the implementation other than kad with the best median, of those that have served every request. */
    Optional<Implementation> bestOther(ComparedMetric metric) {
        Comparator<Implementation> order =
                Comparator.comparingDouble(each -> median(each, metric).orElseThrow());
        return values.keySet().stream()
                .filter(each -> each != Implementation.KAD
                        && servedAll(each)
                        && median(each, metric).isPresent())
                .max(metric.moreIsBetter() ? order : order.reversed());
    }

    /**
     * Returns the median of kad divided by that of the best other implementation.
     *
     * @return empty if kad has not served every request, or there is no other one to compare it with
     */
    OptionalDouble ratio(ComparedMetric metric) {
        OptionalDouble kad = median(Implementation.KAD, metric);
        Optional<Implementation> other = bestOther(metric);
        if (!servedAll(Implementation.KAD) || kad.isEmpty() || other.isEmpty()) {
            return OptionalDouble.empty();
        }
        double divisor = median(other.get(), metric).orElseThrow();
        return divisor == 0 ? OptionalDouble.empty() : OptionalDouble.of(kad.getAsDouble() / divisor);
    }

    /** Returns a table in Markdown: a line for each implementation with medians and, in parentheses, the least and the greatest; then the ratios. */
    String table(String title) {
        StringBuilder table = new StringBuilder("| " + title + " |");
        for (ComparedMetric metric : ComparedMetric.values()) {
            table.append(' ').append(metric.title()).append(" |");
        }
        table.append("\n|")
                .append(" --- |".repeat(ComparedMetric.values().length + 1))
                .append('\n');
        for (Implementation implementation : values.keySet()) {
            table.append("| ").append(implementation.option()).append(" |");
            for (ComparedMetric metric : ComparedMetric.values()) {
                table.append(' ').append(cell(implementation, metric)).append(" |");
            }
            table.append('\n');
        }
        if (values.containsKey(Implementation.KAD) && values.size() > 1) {
            table.append("| kad / best other |");
            for (ComparedMetric metric : ComparedMetric.values()) {
                table.append(' ').append(ratioCell(metric)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String cell(Implementation implementation, ComparedMetric metric) {
        List<Double> sorted = sorted(implementation, metric);
        return sorted.isEmpty()
                ? NO_VALUE
                : String.format(
                        Locale.ROOT,
                        metric.format() + " (" + metric.format() + " to " + metric.format() + ")",
                        median(implementation, metric).orElseThrow(),
                        sorted.get(0),
                        sorted.get(sorted.size() - 1));
    }

    private String ratioCell(ComparedMetric metric) {
        OptionalDouble ratio = ratio(metric);
        return ratio.isEmpty()
                ? NO_VALUE
                : String.format(
                        Locale.ROOT,
                        "%.2f (%s)",
                        ratio.getAsDouble(),
                        bestOther(metric).orElseThrow().option());
    }
}
