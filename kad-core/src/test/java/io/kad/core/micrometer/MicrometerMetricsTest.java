package io.kad.core.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.spi.metrics.Metric;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerMetricsTest {

    private static final Metric METRIC = new Metric("kad.test", "A test.", List.of("kind"));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerMetrics metrics = new MicrometerMetrics(registry, Tags.of("peer", "a"));

    private static Metric named(String name) {
        return new Metric("kad.test." + name, "A test.", List.of("kind"));
    }

    @Test
    void metricsAreMetersWithTheirTagsAndThoseOfThePeer() {
        metrics.counter(named("counter"), "x").increment();
        metrics.timer(named("timer"), "x").record(Duration.ofMillis(20));
        metrics.summary(named("summary"), "x").record(3);
        metrics.gauge(named("gauge"), () -> 4, "x");
        metrics.total(named("total"), () -> 5, "x");
        Tags tags = Tags.of("peer", "a", "kind", "x");
        assertThat(registry.get("kad.test.counter").tags(tags).counter().count())
                .isEqualTo(1);
        assertThat(registry.get("kad.test.timer").tags(tags).timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(20);
        assertThat(registry.get("kad.test.summary").tags(tags).summary().totalAmount())
                .isEqualTo(3);
        assertThat(registry.get("kad.test.gauge").tags(tags).gauge().value()).isEqualTo(4);
        assertThat(registry.get("kad.test.total").tags(tags).functionCounter().count())
                .isEqualTo(5);
    }

    @Test
    void eachLabelNeedsAValue() {
        assertThatThrownBy(() -> metrics.counter(METRIC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kad.test has the labels [kind]");
    }

    @Test
    void closingRemovesItsMetersOnly() {
        registry.counter("other");
        metrics.counter(METRIC, "x");
        metrics.gauge(METRIC, () -> 1, "y");
        assertThat(registry.getMeters()).hasSize(3);
        metrics.close();
        assertThat(registry.getMeters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getName()).isEqualTo("other"));
    }
}
