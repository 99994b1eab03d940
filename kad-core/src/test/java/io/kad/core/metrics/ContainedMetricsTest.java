package io.kad.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.core.runtime.RecordedLog;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContainedMetricsTest {

    @ParameterizedTest
    @EnumSource
    void whateverTheReceiverDoesIsLoggedOnce(BrokenMetrics.Defect defect) {
        ContainedMetrics metrics = new ContainedMetrics(new BrokenMetrics(defect, new NoClassDefFoundError("missing")));
        try (RecordedLog log = new RecordedLog(ContainedMetrics.class)) {
            for (int time = 0; time < 2; time++) {
                metrics.counter(PeerMetric.RECORDS_EVICTED.metric()).increment();
                metrics.timer(PeerMetric.STORE_CALLS.metric(), "records", "ok").record(Duration.ZERO);
                metrics.summary(PeerMetric.QUERY_HOPS.metric(), "ping").record(1);
                metrics.gauge(PeerMetric.STREAMS.metric(), () -> 1);
                metrics.total(PeerMetric.EVENTS_DROPPED.metric(), () -> 1);
            }
            assertThat(log.lines)
                    .filteredOn(line -> line.startsWith("ERROR"))
                    .singleElement()
                    .asString()
                    .contains(BrokenMetrics.class.getName());
        }
    }
}
