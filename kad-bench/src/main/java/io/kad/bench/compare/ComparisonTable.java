package io.kad.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Table of a comparison, in Markdown. */
final class ComparisonTable {

    private static final String NO_VALUE = "-";

    private final Comparison comparison;

    ComparisonTable(Comparison comparison) {
        this.comparison = comparison;
    }

    /** Returns a line for each implementation with medians and, in parentheses, the least and the greatest; then the ratios. */
    String text(String title) {
        StringBuilder table = new StringBuilder("| " + title + " |");
        for (ComparedMetric metric : ComparedMetric.values()) {
            table.append(' ').append(metric.title()).append(" |");
        }
        table.append("\n|")
                .append(" --- |".repeat(ComparedMetric.values().length + 1))
                .append('\n');
        for (Implementation implementation : comparison.implementations()) {
            table.append("| ").append(implementation.option()).append(" |");
            for (ComparedMetric metric : ComparedMetric.values()) {
                table.append(' ').append(cell(implementation, metric)).append(" |");
            }
            table.append('\n');
        }
        if (comparison.implementations().contains(Implementation.KAD)
                && comparison.implementations().size() > 1) {
            table.append("| kad / best other |");
            for (ComparedMetric metric : ComparedMetric.values()) {
                table.append(' ').append(ratioCell(metric)).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String cell(Implementation implementation, ComparedMetric metric) {
        List<Double> sorted = comparison.sorted(implementation, metric);
        return sorted.isEmpty()
                ? NO_VALUE
                : String.format(
                        Locale.ROOT,
                        metric.format() + " (" + metric.format() + " to " + metric.format() + ")",
                        comparison.median(implementation, metric).orElseThrow(),
                        sorted.get(0),
                        sorted.get(sorted.size() - 1));
    }

    /** Returns the ratio, the implementation it is to, and those that are left out or did not serve all, so that no ratio looks better than it is. */
    private String ratioCell(ComparedMetric metric) {
        if (metric == ComparedMetric.FAILED) {
            return NO_VALUE;
        }
        List<String> notes = new ArrayList<>();
        Optional<Implementation> other = comparison.bestOther(metric);
        other.ifPresent(best -> notes.add(best.option() + failures(best)));
        for (Implementation each : comparison.implementations()) {
            if (!comparison.isCompared(each, metric)) {
                notes.add("without " + each.option() + reason(each));
            } else if (each == Implementation.KAD && !comparison.served(each).isAll()) {
                notes.add(each.option() + failures(each));
            }
        }
        OptionalDouble ratio = comparison.ratio(metric);
        String value = ratio.isEmpty() ? NO_VALUE : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
        return notes.isEmpty() ? value : value + " (" + String.join("; ", notes) + ")";
    }

    private String failures(Implementation implementation) {
        ServedShare served = comparison.served(implementation);
        return served.isAll() ? "" : ": " + served.text();
    }

    private String reason(Implementation implementation) {
        return comparison.served(implementation).isNearlyAll() ? ": no value" : failures(implementation);
    }
}
