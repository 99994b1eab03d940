package io.kad.sim.scenario;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Samples as comma-separated values. */
public final class Csv {

    private Csv() {}

    /** Returns a line with the column names, and a line per sample of {@code report}. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder(String.join(",", report.columns())).append('\n');
        for (double[] row : report.rows()) {
            text.append(Arrays.stream(row).mapToObj(Csv::number).collect(Collectors.joining(",")))
                    .append('\n');
        }
        return text.toString();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.6f", value);
    }
}
