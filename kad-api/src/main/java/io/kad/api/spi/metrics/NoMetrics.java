package io.kad.api.spi.metrics;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Receiver of metrics that ignores them. */
enum NoMetrics implements Metrics {
    INSTANCE;

    @Override
    public Counter counter(Metric metric, String... labels) {
        return () -> {};
    }

    @Override
    public Timer timer(Metric metric, String... labels) {
        return time -> {};
    }

    @Override
    public Summary summary(Metric metric, String... labels) {
        return number -> {};
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {}

    @Override
    public void total(Metric metric, LongSupplier total, String... labels) {}
}
