package io.kad.node.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;

/**
 * Checks of {@code /readyz} as gauges, which are 1 or 0 by the latest run of the checks. One run serves all that ask while it runs and within
 * a second of its start, so that scrapes cost little however many there are. Thread-safe.
 */
final class HealthGauges {

    private static final long MAX_AGE_NANOS = 1_000_000_000;

    private final HealthChecks checks;
    private final LongSupplier nanoTime;
    private volatile Map<String, Boolean> passed = Map.of();
    private CompletableFuture<?> latestRun = CompletableFuture.completedFuture(true);
    private long nextRunNanos;

    /** Adds a gauge for each check; those are unknown before the first run. */
    HealthGauges(HealthChecks checks, MeterRegistry registry, LongSupplier nanoTime) {
        this.checks = checks;
        this.nanoTime = nanoTime;
        this.nextRunNanos = nanoTime.getAsLong();
        for (String check : HealthChecks.NAMES) {
            Gauge.builder("kad.health", this, gauges -> gauges.value(check))
                    .tag("check", check)
                    .description("1 if a check of /readyz passes, 0 if it does not.")
                    .strongReference(true)
                    .register(registry);
        }
    }

    private double value(String check) {
        Boolean pass = passed.get(check);
        return pass == null ? Double.NaN : pass ? 1 : 0;
    }

    /** Runs the checks unless the latest run will do, and waits for them as long as a check may take. */
    void run() {
        try {
            latestRun().get();
        } catch (InterruptedException e) {
            // The gauges stay as they are, as others read them too
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run handles what its checks throw", e);
        }
    }

    /** Runs never overlap, so that the gauges are those of the run that was started last. */
    private synchronized CompletableFuture<?> latestRun() {
        long time = nanoTime.getAsLong();
        if (latestRun.isDone() && time - nextRunNanos >= 0) {
            latestRun = checks.passed().handle((done, failure) -> passed = failure == null ? done : Map.of());
            nextRunNanos = time + MAX_AGE_NANOS;
        }
        return latestRun;
    }
}
