package io.kad.node.monitor;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Checks of {@code /readyz} as gauges, which are 1 or 0 by the latest run of the checks. Thread-safe. */
final class HealthGauges {

    private final HealthChecks checks;
    private volatile Map<String, Boolean> passed = Map.of();

    /** Adds a gauge for each check; those are unknown before the first run. */
    HealthGauges(HealthChecks checks, MeterRegistry registry) {
        this.checks = checks;
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

    /** Runs the checks, and waits for them as long as a check may take. */
    void run() {
        try {
            passed = checks.passed().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            passed = Map.of();
        } catch (ExecutionException e) {
            passed = Map.of();
        }
    }
}
