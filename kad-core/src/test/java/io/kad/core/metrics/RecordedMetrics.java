package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Receiver that keeps the sum of each counter, timer (in milliseconds) and summary, and reads gauges when it is asked. */
public final class RecordedMetrics implements Metrics {

    private final Map<String, Long> sums = new TreeMap<>();
    private final Map<String, DoubleSupplier> gauges = new TreeMap<>();

    private static String name(Metric metric, String... labels) {
        if (labels.length != metric.labels().size()) {
            throw new AssertionError(metric + " with " + List.of(labels));
        }
        return metric.name() + List.of(labels);
    }

    private void add(String name, long number) {
        sums.merge(name, number, Long::sum);
    }

    @Override
    public Counter counter(Metric metric, String... labels) {
        String name = name(metric, labels);
        add(name, 0);
        return () -> add(name, 1);
    }

    @Override
    public Timer timer(Metric metric, String... labels) {
        String name = name(metric, labels);
        add(name, 0);
        return (Duration time) -> add(name, time.toMillis());
    }

    @Override
    public Summary summary(Metric metric, String... labels) {
        return number -> add(name(metric, labels), number);
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        gauges.put(name(metric, labels), value);
    }

    @Override
    public void total(Metric metric, LongSupplier total, String... labels) {
        gauges.put(name(metric, labels), total::getAsLong);
    }

    Map<String, Long> all() {
        return new TreeMap<>(sums);
    }

    /** Returns what is not 0. */
    Map<String, Long> sums() {
        Map<String, Long> positive = all();
        positive.values().removeIf(sum -> sum == 0);
        return positive;
    }

    public double gauge(String name) {
        return gauges.get(name).getAsDouble();
    }
}
