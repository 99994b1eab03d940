package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Receiver that breaks its contract. */
public final class BrokenMetrics implements Metrics {

    private final Defect defect;
    private final Error fault;

    /** What it does wrong. */
    public enum Defect {
        THROWS_AT_ONCE,
        RETURNS_NULL,
        THROWS_LATER
    }

    /** Creates a receiver that throws {@code fault}. */
    public BrokenMetrics(Defect defect, Error fault) {
        this.defect = defect;
        this.fault = fault;
    }

    @SuppressWarnings("NullAway") // a receiver may be wrong
    private <M> M broken(M throwing) {
        if (defect == Defect.THROWS_AT_ONCE) {
            throw fault;
        }
        return defect == Defect.RETURNS_NULL ? null : throwing;
    }

    @Override
    public Counter counter(Metric metric, String... labels) {
        return broken(() -> {
            throw fault;
        });
    }

    @Override
    public Timer timer(Metric metric, String... labels) {
        return broken(time -> {
            throw fault;
        });
    }

    @Override
    public Summary summary(Metric metric, String... labels) {
        return broken(number -> {
            throw fault;
        });
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        throw fault;
    }

    @Override
    public void total(Metric metric, LongSupplier total, String... labels) {
        throw fault;
    }
}
