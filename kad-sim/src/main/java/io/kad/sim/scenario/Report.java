package io.kad.sim.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run has shown: figures by name, a table of single observations, and a curve. Not thread-safe. */
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

    /** Adds an observation, with a value for each column. */
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

    /** Returns the figures by name, in the order in which they were found. */
    public Map<String, Double> metrics() {
        return Collections.unmodifiableMap(metrics);
    }

    /** Returns the names of the columns of {@link #rows}. */
    public List<String> columns() {
        return columns;
    }

    /** Returns the observations. */
    public List<double[]> rows() {
        return Collections.unmodifiableList(rows);
    }

    /** Returns the points of the curve, in their order. */
    public List<double[]> curve() {
        return Collections.unmodifiableList(curve);
    }

    /** Returns what the first number of a point is. */
    public String xAxis() {
        return xAxis;
    }

    /** Returns what the second number of a point is. */
    public String yAxis() {
        return yAxis;
    }

    /** Returns the report of several runs: figures are means, maxima where their name ends in {@code -max}; the rest is of the first. */
    static Report mean(List<Report> reports) {
        Report first = reports.get(0);
        Report mean = new Report();
        mean.columns = first.columns;
        mean.rows.addAll(first.rows);
        mean.curve.addAll(first.curve);
        mean.axes(first.xAxis, first.yAxis);
        for (String name : first.metrics.keySet()) {
            var values = reports.stream().mapToDouble(each -> each.metrics.getOrDefault(name, Double.NaN));
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
