package io.kad.sim.scenario;

import java.util.Arrays;

/** Statistics of the samples of one metric; NaN without samples. Not thread-safe. */
final class SampleStats {

    private double[] values = new double[64];
    private int count;

    void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    double mean() {
        return Arrays.stream(values, 0, count).average().orElse(Double.NaN);
    }

    double max() {
        return Arrays.stream(values, 0, count).max().orElse(Double.NaN);
    }

    double min() {
        return Arrays.stream(values, 0, count).min().orElse(Double.NaN);
    }

    /** Returns the quantile at {@code probability}, 0 to 1: the smallest sample that so many are not above. */
    double quantile(double probability) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[(int) Math.min(count - 1L, (long) Math.ceil(probability * count) - 1)];
    }
}
