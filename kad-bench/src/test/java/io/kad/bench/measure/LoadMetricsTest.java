package io.kad.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadMetricsTest {

    private static final Times TIMES = new Times(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final Measurement measurement = new Measurement(System.nanoTime());

    private LoadMetrics metrics() {
        return metrics(measurement);
    }

    private static LoadMetrics metrics(Measurement measurement) {
        ServerUsage.Sample used = new ServerUsage.Sample(8_000, 1 << 20, OptionalLong.of(600));
        return new LoadMetrics(measurement, TIMES, 4_000, Optional.of(used));
    }

    private ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        metrics().addTo(json);
        return json;
    }

    @Test
    void whatWasNotServedDoesNotMakeTheOtherRequestsCheaper() {
        measurement.succeeded(System.nanoTime(), true);
        measurement.succeeded(System.nanoTime(), true);
        measurement.failed("TIMEOUT");
        measurement.failed("NOT_SENT");
        assertThat(metrics().cpuMicrosPerRequest()).contains(4.0);
        assertThat(metrics().allocatedPerRequest()).contains(300.0);
        assertThat(metrics().failed()).isEqualTo(2);
        assertThat(json().get("clientCpuMicrosPerRequest").asDouble()).isEqualTo(2);
    }

    @Test
    void onlySuccessesWithinTheMeasuredTimeCountForTheRate() {
        Measurement inTime = new Measurement(System.nanoTime() + TimeUnit.DAYS.toNanos(1));
        Measurement late = new Measurement(System.nanoTime() - 1);
        for (int i = 0; i < 3; i++) {
            inTime.succeeded(System.nanoTime(), true);
            late.succeeded(System.nanoTime(), true);
        }
        inTime.failed("TIMEOUT");
        assertThat(metrics(inTime).perSecond()).isEqualTo(3); // in a second
        assertThat(metrics(late).perSecond()).isZero();
    }

    @Test
    void withoutASuccessThereIsNoValuePerRequest() {
        measurement.failed("TIMEOUT");
        assertThat(json().has("serverCpuMicrosPerRequest")).isFalse();
        assertThat(json().has("serverAllocatedBytesPerRequest")).isFalse();
        assertThat(json().has("clientCpuMicrosPerRequest")).isFalse();
        assertThat(json().get("errors").get("TIMEOUT").asLong()).isEqualTo(1);
    }
}
