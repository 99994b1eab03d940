package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Metrics of the implementations in one scenario, over all rounds. Not thread-safe. */
final class Comparison {

    private final Map<Implementation, Map<ComparedMetric, List<Double>>> values = new EnumMap<>(Implementation.class);

    /** Adds the metrics of one round. */
    void add(Implementation implementation, LoadResult result) {
        for (ComparedMetric metric : ComparedMetric.values()) {
            add(implementation, metric, metric.of(result));
        }
    }

    /** Adds one metric of one round. */
    void add(Implementation implementation, ComparedMetric metric, double value) {
        values.computeIfAbsent(implementation, added -> new EnumMap<>(ComparedMetric.class))
                .computeIfAbsent(metric, added -> new ArrayList<>())
                .add(value);
    }

    /** Returns the middle value of the rounds; of an even number of them, the mean of the two in the middle. */
    double median(Implementation implementation, ComparedMetric metric) {
        List<Double> sorted = sorted(implementation, metric);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private List<Double> sorted(Implementation implementation, ComparedMetric metric) {
        Map<ComparedMetric, List<Double>> metrics = values.get(implementation);
        List<Double> rounds = metrics == null ? null : metrics.get(metric);
        if (rounds == null) {
            throw new IllegalArgumentException("no metrics of " + implementation);
        }
        return rounds.stream().sorted().toList();
    }

    /** Returns the implementation other than kad with the best median, or kad if it is alone. */
    Implementation bestOther(ComparedMetric metric) {
        Comparator<Implementation> order = Comparator.comparingDouble(each -> median(each, metric));
        return values.keySet().stream()
                .filter(each -> each != Implementation.KAD)
                .max(metric.moreIsBetter() ? order : order.reversed())
                .orElse(Implementation.KAD);
    }

    /** Returns the median of kad divided by that of the best other implementation. */
    double ratio(ComparedMetric metric) {
        return median(Implementation.KAD, metric) / median(bestOther(metric), metric);
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
                table.append(String.format(
                        Locale.ROOT,
                        " %.2f (%s) |",
                        ratio(metric),
                        bestOther(metric).option()));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String cell(Implementation implementation, ComparedMetric metric) {
        List<Double> sorted = sorted(implementation, metric);
        return String.format(
                Locale.ROOT,
                metric.format() + " (" + metric.format() + " to " + metric.format() + ")",
                median(implementation, metric),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
