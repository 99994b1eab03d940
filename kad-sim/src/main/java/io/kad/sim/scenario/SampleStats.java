package io.kad.sim.scenario;

import java.util.Arrays;

/** Numbers of one kind, for their mean and their distribution. */
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

    /** Returns the value that {@code share} of all are not above. */
    double quantile(double share) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return count == 0 ? Double.NaN : sorted[(int) Math.min(count - 1L, (long) Math.ceil(share * count) - 1)];
    }
}
