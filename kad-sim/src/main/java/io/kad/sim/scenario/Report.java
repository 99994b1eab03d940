package io.kad.sim.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results of a run: metrics by name, a table of samples, and a curve. Not thread-safe. */
public final class Report {

    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private final List<double[]> rows = new ArrayList<>();
    private final List<double[]> curve = new ArrayList<>();
    private List<String> columns = List.of();
    private String xAxis = "";
    private String yAxis = "";

    Report() {}

    void metric(String name, double value) {
        metrics.put(name, value);
    }

    void columns(String... names) {
        columns = List.of(names);
    }

    /** Adds a sample, with a value per column. */
    void row(double... values) {
        rows.add(values.clone());
    }

    void axes(String x, String y) {
        xAxis = x;
        yAxis = y;
    }

    void point(double x, double y) {
        curve.add(new double[] {x, y});
    }

    /** Returns the metrics by name, in the order in which they were added. */
    public Map<String, Double> metrics() {
        return Collections.unmodifiableMap(metrics);
    }

    /** Returns the names of the columns of {@link #rows}. */
    public List<String> columns() {
        return columns;
    }

    /** Returns the samples. */
    public List<double[]> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** Returns the points of the curve, x and y each, in the order of the curve. */
    public List<double[]> curve() {
        return Collections.unmodifiableList(curve);
    }

    /** Returns the label of the x axis. */
    public String xAxis() {
        return xAxis;
    }

    /** Returns the label of the y axis. */
    public String yAxis() {
        return yAxis;
    }

    /**
     * Returns the report of several runs: metrics are means, maxima if the name ends in {@code -max}, minima if it ends in {@code -min};
     * samples and curve are those of the first run.
     */
    static Report mean(List<Report> reports) {
        Report first = reports.get(0);
        Report mean = new Report();
        mean.columns = first.columns;
        mean.rows.addAll(first.rows);
        mean.curve.addAll(first.curve);
        mean.axes(first.xAxis, first.yAxis);
        for (String name : first.metrics.keySet()) {
            var values = reports.stream().mapToDouble(report -> report.metrics.getOrDefault(name, Double.NaN));
            double value = name.endsWith("-max")
                    ? values.max().orElse(Double.NaN)
                    : name.endsWith("-min")
                            ? values.min().orElse(Double.NaN)
                            : values.average().orElse(Double.NaN);
            mean.metric(name, value);
        }
        return mean;
    }
}
