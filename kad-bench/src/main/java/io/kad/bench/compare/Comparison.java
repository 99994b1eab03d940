package io.kad.bench.compare;

import io.kad.bench.load.LoadResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of the implementations in one scenario, over all rounds. Not thread-safe. */
final class Comparison {

    private final Map<Implementation, Map<Figure, List<Double>>> values = new EnumMap<>(Implementation.class);

    /** Adds the figures of one round. */
    void add(Implementation implementation, LoadResult result) {
        for (Figure figure : Figure.values()) {
            add(implementation, figure, figure.of(result));
        }
    }

    /** Adds one figure of one round. */
    void add(Implementation implementation, Figure figure, double value) {
        values.computeIfAbsent(implementation, added -> new EnumMap<>(Figure.class))
                .computeIfAbsent(figure, added -> new ArrayList<>())
                .add(value);
    }

    /** Returns the middle value of the rounds; of an even number of them, the mean of the two in the middle. */
    double median(Implementation implementation, Figure figure) {
        List<Double> sorted = sorted(implementation, figure);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private List<Double> sorted(Implementation implementation, Figure figure) {
        Map<Figure, List<Double>> figures = values.get(implementation);
        List<Double> rounds = figures == null ? null : figures.get(figure);
        if (rounds == null) {
            throw new IllegalArgumentException("no figures of " + implementation);
        }
        return rounds.stream().sorted().toList();
    }

    /** Returns the implementation other than kad with the best median, or kad if it is alone. */
    Implementation bestOther(Figure figure) {
        Comparator<Implementation> order = Comparator.comparingDouble(each -> median(each, figure));
        return values.keySet().stream()
                .filter(each -> each != Implementation.KAD)
                .max(figure.moreIsBetter() ? order : order.reversed())
                .orElse(Implementation.KAD);
    }

    /** Returns the median of kad divided by that of the best other implementation. */
    double ratio(Figure figure) {
        return median(Implementation.KAD, figure) / median(bestOther(figure), figure);
    }

    /** Returns a table in Markdown: a line for each implementation with medians and, in parentheses, the least and the greatest; then the ratios. */
    String table(String title) {
        StringBuilder table = new StringBuilder("| " + title + " |");
        for (Figure figure : Figure.values()) {
            table.append(' ').append(figure.title()).append(" |");
        }
        table.append("\n|").append(" --- |".repeat(Figure.values().length + 1)).append('\n');
        for (Implementation implementation : values.keySet()) {
            table.append("| ").append(implementation.option()).append(" |");
            for (Figure figure : Figure.values()) {
                table.append(' ').append(cell(implementation, figure)).append(" |");
            }
            table.append('\n');
        }
        if (values.containsKey(Implementation.KAD) && values.size() > 1) {
            table.append("| kad / best other |");
            for (Figure figure : Figure.values()) {
                table.append(String.format(
                        Locale.ROOT,
                        " %.2f (%s) |",
                        ratio(figure),
                        bestOther(figure).option()));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private String cell(Implementation implementation, Figure figure) {
        List<Double> sorted = sorted(implementation, figure);
        return String.format(
                Locale.ROOT,
                figure.format() + " (" + figure.format() + " to " + figure.format() + ")",
                median(implementation, figure),
                sorted.get(0),
                sorted.get(sorted.size() - 1));
    }
}
