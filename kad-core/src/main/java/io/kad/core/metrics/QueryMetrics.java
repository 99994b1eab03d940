package io.kad.core.metrics;

import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.spi.metrics.Metrics;
import io.kad.core.future.QueryObserver;
import java.util.Optional;

/** Measurement of the queries of users: time, hops and requests of each kind. Thread-safe. */
final class QueryMetrics implements QueryObserver {

    private final Meters<Meters<Metrics.Timer>> queries;
    private final Meters<Metrics.Timer> converged;
    private final Meters<Metrics.Summary> hops;
    private final Meters<Metrics.Summary> requests;

    QueryMetrics(Metrics metrics) {
        queries = new Meters<>(
                kind -> new Meters<>(outcome -> metrics.timer(PeerMetric.QUERIES.metric(), kind, outcome)));
        converged = new Meters<>(kind -> metrics.timer(PeerMetric.QUERIES_CONVERGED.metric(), kind));
        hops = new Meters<>(kind -> metrics.summary(PeerMetric.QUERY_HOPS.metric(), kind));
        requests = new Meters<>(kind -> metrics.summary(PeerMetric.QUERY_REQUESTS.metric(), kind));
    }

    @Override
    public void onEvent(QueryKind kind, QueryEvent event, QueryStats stats) {
        if (event instanceof QueryEvent.Converged) {
            converged.with(LabelText.of(kind)).record(stats.elapsed());
        }
    }

    @Override
    public void onEnd(QueryKind kind, QueryStats stats, Optional<Throwable> failure) {
        end(kind, stats, failure.map(LabelText::failure).orElse(LabelText.OK));
    }

    @Override
    public void onCancel(QueryKind kind, QueryStats stats) {
        end(kind, stats, "cancelled");
    }

    private void end(QueryKind kind, QueryStats stats, String outcome) {
        String name = LabelText.of(kind);
        queries.with(name).with(outcome).record(stats.elapsed());
        hops.with(name).record(stats.hops());
        requests.with(name).record(stats.requests());
    }
}
