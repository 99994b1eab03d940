package io.kad.sim.scenario;

import io.kad.api.id.Quoting;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Limits of a metric.
 *
 * @param metric name of the metric
 * @param min lower limit, inclusive; negative infinity for none
 * @param max upper limit, inclusive; infinity for none
 */
public record Expectation(String metric, double min, double max) {

    private static final Pattern AROUND = Pattern.compile("([0-9.]+) *\\+- *([0-9.]+) *(%?)");
    private static final Pattern LIMIT = Pattern.compile("(>=|<=) *([0-9.]+)");

    /**
     * Reads {@code >= 0.999}, {@code <= 640}, {@code 21.5 +- 3 %} or {@code 1.926 +- 0.02}.
     *
     * @throws IllegalArgumentException if the text has none of these forms
     */
    static Expectation parse(String metric, String text) {
        Matcher limit = LIMIT.matcher(text);
        Matcher around = AROUND.matcher(text);
        try {
            if (limit.matches()) {
                double bound = Double.parseDouble(limit.group(2));
                return limit.group(1).equals(">=")
                        ? new Expectation(metric, bound, Double.POSITIVE_INFINITY)
                        : new Expectation(metric, Double.NEGATIVE_INFINITY, bound);
            } else if (around.matches()) {
                double middle = Double.parseDouble(around.group(1));
                double given = Double.parseDouble(around.group(2));
                double margin = around.group(3).isEmpty() ? given : middle * given / 100;
                return new Expectation(metric, middle - margin, middle + margin);
            }
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(problem(metric, text), malformed);
        }
        throw new IllegalArgumentException(problem(metric, text));
    }

    private static String problem(String metric, String text) {
        return "invalid value " + Quoting.text(text) + " for " + metric
                + "; examples: '>= 0.99', '<= 640', '21.5 +- 3 %'";
    }

    /** Returns whether {@code value} is within the limits; false for NaN. */
    public boolean holds(double value) {
        return value >= min && value <= max;
    }

    @Override
    public String toString() {
        return Double.isInfinite(max)
                ? ">= " + format(min)
                : Double.isInfinite(min) ? "<= " + format(max) : format(min) + " to " + format(max);
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
