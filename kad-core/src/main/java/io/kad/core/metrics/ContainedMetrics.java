package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receiver that passes metrics on to the one of the user and throws nothing, whatever that throws: a measurement that fails is lost, and what is
 * measured goes on. The first failure is logged. Thread-safe.
 */
final class ContainedMetrics implements Metrics {

    private static final Logger LOG = LoggerFactory.getLogger(ContainedMetrics.class);

    private final Metrics receiver;
    private final AtomicBoolean failed = new AtomicBoolean();

    ContainedMetrics(Metrics receiver) {
        this.receiver = receiver;
    }

    @Override
    public Counter counter(Metric metric, String... labels) {
        Counter counter = create(metric, () -> receiver.counter(metric, labels), NONE.counter(metric, labels));
        return () -> {
            try {
                counter.increment();
            } catch (Throwable e) {
                log(e);
            }
        };
    }

    @Override
    public Timer timer(Metric metric, String... labels) {
        Timer timer = create(metric, () -> receiver.timer(metric, labels), NONE.timer(metric, labels));
        return time -> {
            try {
                timer.record(time);
            } catch (Throwable e) {
                log(e);
            }
        };
    }

    @Override
    public Summary summary(Metric metric, String... labels) {
        Summary summary = create(metric, () -> receiver.summary(metric, labels), NONE.summary(metric, labels));
        return number -> {
            try {
                summary.record(number);
            } catch (Throwable e) {
                log(e);
            }
        };
    }

    /** Returns a new meter, and {@code otherwise} if the receiver throws or returns null. */
    private <M> M create(Metric metric, Supplier<@Nullable M> create, M otherwise) {
        try {
            M meter = create.get();
            if (meter != null) {
                return meter;
            }
            log(new IllegalStateException("returned null for " + metric.name()));
        } catch (Throwable e) {
            log(e);
        }
        return otherwise;
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        add(() -> receiver.gauge(metric, value, labels));
    }

    @Override
    public void total(Metric metric, LongSupplier total, String... labels) {
        add(() -> receiver.total(metric, total, labels));
    }

    private void add(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            log(e);
        }
    }

    private void log(Throwable fault) {
        String name = receiver.getClass().getName();
        if (failed.compareAndSet(false, true)) {
            LOG.error("metrics {} failed; further failures are logged at debug level", name, fault);
        } else {
            LOG.debug("metrics {} failed", name, fault);
        }
    }
}
