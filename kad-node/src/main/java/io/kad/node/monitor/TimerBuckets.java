package io.kad.node.monitor;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import java.util.Arrays;

/** Filter that gives the timers of a peer fixed buckets, so that Prometheus can tell quantiles of several nodes together. */
final class TimerBuckets implements MeterFilter {

    /** Upper bounds in milliseconds: from a read of memory to the timeout of a query. */
    private static final double[] MILLIS = {
        0.1, 0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000
    };

    private static final DistributionStatisticConfig CONFIG = DistributionStatisticConfig.builder()
            .serviceLevelObjectives(
                    Arrays.stream(MILLIS).map(millis -> millis * 1_000_000).toArray())
            .build();

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        return id.getType() == Meter.Type.TIMER && id.getName().startsWith("kad.") ? CONFIG.merge(config) : config;
    }
}
