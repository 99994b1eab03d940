package io.kad.core.micrometer;

import static java.util.Objects.requireNonNull;

import io.kad.api.spi.metrics.Metric;
import io.kad.api.spi.metrics.Metrics;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Metrics of a peer as meters of a Micrometer registry: {@code builder.metrics(new MicrometerMetrics(registry, Tags.empty()))}.
 *
 * <p>Peers of one process that share a registry need tags that tell them apart. Closing removes the meters; do so after the peer is closed.
 */
@SuppressWarnings("exports") // users of this class have Micrometer already; all others must not need it
public final class MicrometerMetrics implements Metrics, AutoCloseable {

    private final MeterRegistry registry;
    private final Tags common;
    private final Set<Meter> meters = ConcurrentHashMap.newKeySet();
    private final Map<Meter, LongSupplier> totals = new ConcurrentHashMap<>();

    /**
     * Creates the metrics of one peer.
     *
     * @param common tags that each meter gets besides its own
     */
    public MicrometerMetrics(MeterRegistry registry, Tags common) {
        this.registry = requireNonNull(registry, "registry");
        this.common = requireNonNull(common, "common");
    }

    private <M extends Meter> M kept(M meter) {
        meters.add(meter);
        return meter;
    }

    private Tags tags(Metric metric, String... labels) {
        if (labels.length != metric.labels().size()) {
            throw new IllegalArgumentException(
                    metric.name() + " has the labels " + metric.labels() + ", got " + labels.length + " values");
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            tags.add(Tag.of(metric.labels().get(i), labels[i]));
        }
        return common.and(tags);
    }

    @Override
    public Counter counter(Metric metric, String... labels) {
        return kept(io.micrometer.core.instrument.Counter.builder(metric.name())
                .description(metric.description())
                .tags(tags(metric, labels))
                .register(registry))::increment;
    }

    @Override
    public Timer timer(Metric metric, String... labels) {
        return kept(io.micrometer.core.instrument.Timer.builder(metric.name())
                .description(metric.description())
                .tags(tags(metric, labels))
                .register(registry))::record;
    }

    @Override
    public Summary summary(Metric metric, String... labels) {
        return kept(DistributionSummary.builder(metric.name())
                .description(metric.description())
                .tags(tags(metric, labels))
                .register(registry))::record;
    }

    @Override
    public void gauge(Metric metric, DoubleSupplier value, String... labels) {
        kept(Gauge.builder(metric.name(), value::getAsDouble)
                .description(metric.description())
                .tags(tags(metric, labels))
                .register(registry));
    }

    @Override
    public void total(Metric metric, LongSupplier total, String... labels) {
        FunctionCounter counter = FunctionCounter.builder(metric.name(), total, LongSupplier::getAsLong)
                .description(metric.description())
                .tags(tags(metric, labels))
                .register(registry);
        totals.put(counter, total); // the registry keeps a weak reference only
        kept(counter);
    }

    /** Removes the meters from the registry. */
    @Override
    public void close() {
        meters.forEach(registry::remove);
        meters.clear();
        totals.clear();
    }
}
