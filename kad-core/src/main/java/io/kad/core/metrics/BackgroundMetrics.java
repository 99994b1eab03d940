package io.kad.core.metrics;

import io.kad.api.event.DhtEvent;
import io.kad.api.spi.metrics.Metrics;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Measurement of background work: its queries, and the entries that a run of republication has not handled yet. Thread-safe. */
final class BackgroundMetrics implements Consumer<BackgroundEvent> {

    private final Metrics metrics;
    private final Meters<Meters<Metrics.Timer>> queries;
    private final Meters<Metrics.Summary> hops;
    private final Meters<Metrics.Summary> requests;
    private final Map<BackgroundWork, Integer> running = new ConcurrentHashMap<>();
    private final Map<DhtEvent.RepublishKind, BackgroundEvent.RunProgressed> runs = new ConcurrentHashMap<>();

    BackgroundMetrics(Metrics metrics) {
        this.metrics = metrics;
        queries = new Meters<>(
                kind -> new Meters<>(outcome -> metrics.timer(PeerMetric.BACKGROUND_QUERIES.metric(), kind, outcome)));
        hops = new Meters<>(kind -> metrics.summary(PeerMetric.BACKGROUND_QUERY_HOPS.metric(), kind));
        requests = new Meters<>(kind -> metrics.summary(PeerMetric.BACKGROUND_QUERY_REQUESTS.metric(), kind));
        for (BackgroundWork work : BackgroundWork.values()) {
            String kind = LabelText.of(work);
            queries.with(kind).with(LabelText.OK);
            hops.with(kind);
            requests.with(kind);
            metrics.gauge(PeerMetric.BACKGROUND_QUERIES_RUNNING.metric(), () -> running.getOrDefault(work, 0), kind);
        }
    }

    @Override
    public void accept(BackgroundEvent event) {
        if (event instanceof BackgroundEvent.QueriesChanged changed) {
            running.put(changed.work(), changed.running());
        } else if (event instanceof BackgroundEvent.QueryEnded ended) {
            String kind = LabelText.of(ended.work());
            String outcome = ended.failure().map(LabelText::failure).orElse(LabelText.OK);
            queries.with(kind).with(outcome).record(ended.stats().elapsed());
            hops.with(kind).record(ended.stats().hops());
            requests.with(kind).record(ended.stats().requests());
        } else if (event instanceof BackgroundEvent.RunProgressed progress) {
            runs.put(progress.kind(), progress);
        }
    }

    /** Adds the backlog of each kind of republication, by the statistics of the stores. */
    void addBacklogs(GaugeSource<Map<String, Long>> records, GaugeSource<Map<String, Long>> providers) {
        addBacklog(DhtEvent.RepublishKind.RECORD, records, "local-records");
        addBacklog(DhtEvent.RepublishKind.REPLICA, records, "records");
        addBacklog(DhtEvent.RepublishKind.PROVIDER, providers, "local-providers");
    }

    private void addBacklog(DhtEvent.RepublishKind kind, GaugeSource<Map<String, Long>> store, String entries) {
        metrics.gauge(
                PeerMetric.REPUBLICATIONS_BACKLOG.metric(), () -> backlog(kind, store, entries), LabelText.of(kind));
    }

    /** A run reads the store page by page, so that only the store knows how many entries are to come. */
    private double backlog(DhtEvent.RepublishKind kind, GaugeSource<Map<String, Long>> store, String entries) {
        BackgroundEvent.RunProgressed run = runs.get(kind);
        if (run == null) {
            return 0;
        }
        double unread = run.readsOn() ? PeerGauges.number(store.now(), entries) - run.read() : 0;
        // Entries may come and go while a run reads; NaN stays NaN
        return run.pending() + Math.max(0, unread);
    }
}
