package io.kad.core.metrics;

import io.kad.api.ConfigOption;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import java.util.List;
import java.util.function.Consumer;

/** Counter of the events of a peer. Thread-safe. */
final class EventMetrics implements Consumer<DhtEvent> {

    private final Meters<Metrics.Counter> tableChanges;
    private final Meters<Meters<Metrics.Counter>> opened;
    private final Meters<Meters<Metrics.Counter>> closed;
    private final Meters<Metrics.Counter> dialsFailed;
    private final Meters<Meters<Metrics.Counter>> republications;
    private final Meters<Metrics.Counter> delayed;
    private final Metrics.Counter evicted;
    private final Metrics.Counter superseded;
    private final Meters<Metrics.Counter> quotas;
    private final Metrics.Counter corrections;

    EventMetrics(Metrics metrics) {
        tableChanges = counters(metrics, PeerMetric.ROUTING_TABLE_CHANGES);
        opened = pairs(metrics, PeerMetric.CONNECTIONS_OPENED);
        closed = pairs(metrics, PeerMetric.CONNECTIONS_CLOSED);
        dialsFailed = counters(metrics, PeerMetric.DIALS_FAILED);
        republications = pairs(metrics, PeerMetric.REPUBLICATIONS);
        delayed = counters(metrics, PeerMetric.REPUBLICATIONS_DELAYED);
        evicted = metrics.counter(PeerMetric.RECORDS_EVICTED.metric());
        superseded = metrics.counter(PeerMetric.RECORDS_SUPERSEDED.metric());
        quotas = counters(metrics, PeerMetric.QUOTAS_EXCEEDED);
        corrections = metrics.counter(PeerMetric.CORRECTIONS_SKIPPED.metric());
        addZeros();
    }

    /** Adds what will most likely be counted: from a counter that appears with its first event, no rate can be made of that event. */
    private void addZeros() {
        for (String change : List.of("added", "updated", "evicted", "removed", "pending")) {
            tableChanges.with(change);
        }
        for (ConnectionInfo.Direction direction : ConnectionInfo.Direction.values()) {
            for (String transport : LabelText.TRANSPORTS) {
                opened.with(LabelText.of(direction)).with(transport);
                closed.with(LabelText.of(direction)).with(transport);
            }
        }
        for (DhtEvent.RepublishKind kind : DhtEvent.RepublishKind.values()) {
            republications.with(LabelText.of(kind)).with(LabelText.OK);
            delayed.with(LabelText.of(kind));
        }
        for (ConfigOption<?> option : List.of(
                KademliaConfig.MAX_ENTRIES_PER_HOST,
                KademliaConfig.MAX_ENTRIES_PER_NETWORK,
                KademliaConfig.MAX_ENTRY_BYTES_PER_HOST,
                KademliaConfig.MAX_ENTRY_BYTES_PER_NETWORK)) {
            quotas.with(option.name());
        }
        dialsFailed.with(LabelText.of(TransportFailure.Kind.UNREACHABLE));
    }

    private static Meters<Metrics.Counter> counters(Metrics metrics, PeerMetric metric) {
        return new Meters<>(label -> metrics.counter(metric.metric(), label));
    }

    private static Meters<Meters<Metrics.Counter>> pairs(Metrics metrics, PeerMetric metric) {
        return new Meters<>(first -> new Meters<>(second -> metrics.counter(metric.metric(), first, second)));
    }

    @Override
    public void accept(DhtEvent event) {
        if (event instanceof DhtEvent.RoutingUpdated updated) {
            tableChanges.with(updated.added() ? "added" : "updated").increment();
            updated.evicted().ifPresent(peer -> tableChanges.with("evicted").increment());
        } else if (event instanceof DhtEvent.PeerRemoved) {
            tableChanges.with("removed").increment();
        } else if (event instanceof DhtEvent.PendingPeer) {
            tableChanges.with("pending").increment();
        } else if (event instanceof DhtEvent.RecordEvicted) {
            evicted.increment();
        } else if (event instanceof DhtEvent.RecordSuperseded) {
            superseded.increment();
        } else if (event instanceof DhtEvent.QuotaExceeded exceeded) {
            quotas.with(exceeded.option()).increment();
        } else if (event instanceof DhtEvent.CorrectionSkipped) {
            corrections.increment();
        } else if (event instanceof DhtEvent.Republished published) {
            String outcome = published.failure().map(LabelText::failure).orElse(LabelText.OK);
            republications.with(LabelText.of(published.what())).with(outcome).increment();
        } else if (event instanceof DhtEvent.RepublishDelayed late) {
            delayed.with(LabelText.of(late.what())).increment();
        } else if (event instanceof DhtEvent.TransportEventReceived received) {
            count(received.event());
        }
    }

    private void count(TransportEvent event) {
        if (event instanceof TransportEvent.ConnectionOpened open) {
            with(opened, open.connection()).increment();
        } else if (event instanceof TransportEvent.ConnectionClosed close) {
            with(closed, close.connection()).increment();
        } else if (event instanceof TransportEvent.DialFailed failed) {
            dialsFailed.with(LabelText.of(failed.failure().kind())).increment();
        }
    }

    private static Metrics.Counter with(Meters<Meters<Metrics.Counter>> counters, ConnectionInfo connection) {
        return counters.with(LabelText.of(connection.direction())).with(LabelText.transport(connection));
    }
}
