package io.kad.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BackgroundMetricsTest {

    private final RecordedMetrics recorded = new RecordedMetrics();
    private final BackgroundMetrics background = new BackgroundMetrics(recorded);
    private final Map<String, Long> records = new TreeMap<>(Map.of("records", 500L, "local-records", 100L));
    private final Map<String, Long> providers = new TreeMap<>(Map.of("providers", 70L));
    private long nanos;

    @BeforeEach
    void addBacklogs() {
        background.addBacklogs(
                new GaugeSource<>(() -> records, () -> nanos), new GaugeSource<>(() -> providers, () -> nanos));
    }

    private double backlog(String kind) {
        return recorded.gauge("kad.republications.backlog[" + kind + "]");
    }

    private void progress(DhtEvent.RepublishKind kind, boolean readsOn, long read, int pending) {
        background.accept(new BackgroundEvent.RunProgressed(kind, readsOn, read, pending));
    }

    @Test
    void queriesAreMeasuredByTheirWorkAndOutcome() {
        QueryStats stats = new QueryStats(9, 8, 1, 3, Duration.ofMillis(40));
        background.accept(new BackgroundEvent.QueryEnded(BackgroundWork.BOOTSTRAP, stats, Optional.empty()));
        background.accept(new BackgroundEvent.QueryEnded(
                BackgroundWork.CORRECTION, stats, Optional.of(new KadException.Closed("closed"))));
        assertThat(recorded.sums())
                .isEqualTo(Map.of(
                        "kad.background.queries[bootstrap, ok]", 40L,
                        "kad.background.queries[correction, closed]", 40L,
                        "kad.background.queries.hops[bootstrap]", 3L,
                        "kad.background.queries.hops[correction]", 3L,
                        "kad.background.queries.requests[bootstrap]", 9L,
                        "kad.background.queries.requests[correction]", 9L));
    }

    @Test
    void theNumberOfRunningQueriesIsTheLatestOne() {
        assertThat(recorded.gauge("kad.background.queries.running[republication]"))
                .isZero();
        for (int running : new int[] {1, 2, 1}) {
            background.accept(new BackgroundEvent.QueriesChanged(BackgroundWork.REPUBLICATION, running));
        }
        assertThat(recorded.gauge("kad.background.queries.running[republication]"))
                .isEqualTo(1);
        assertThat(recorded.gauge("kad.background.queries.running[bootstrap]")).isZero();
    }

    @Test
    void theBacklogIsWhatARunHasNotReadAndWhatItHasNotHandled() {
        assertThat(backlog("record")).isZero();
        progress(DhtEvent.RepublishKind.RECORD, true, 0, 0);
        progress(DhtEvent.RepublishKind.REPLICA, true, 64, 60);
        assertThat(backlog("record")).isEqualTo(100);
        assertThat(backlog("replica")).isEqualTo(496);
        progress(DhtEvent.RepublishKind.RECORD, false, 100, 7);
        assertThat(backlog("record")).isEqualTo(7);
        progress(DhtEvent.RepublishKind.RECORD, false, 0, 0);
        assertThat(backlog("record")).isZero();
    }

    @Test
    void entriesThatWereRemovedMeanwhileAreNotSubtractedFromTheBacklog() {
        progress(DhtEvent.RepublishKind.RECORD, true, 128, 5);
        assertThat(backlog("record")).isEqualTo(5);
    }

    @Test
    void aStoreThatDoesNotCountItsEntriesLeavesTheBacklogUnknownWhileItIsRead() {
        progress(DhtEvent.RepublishKind.PROVIDER, true, 64, 5);
        assertThat(backlog("provider")).isNaN();
        progress(DhtEvent.RepublishKind.PROVIDER, false, 70, 5);
        assertThat(backlog("provider")).isEqualTo(5);
    }
}
