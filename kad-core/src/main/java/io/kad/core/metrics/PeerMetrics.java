package io.kad.core.metrics;

import io.kad.api.Kademlia;
import io.kad.api.event.DhtEvent;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.core.future.QueryObserver;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.runtime.Stores;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Measurement of one peer: each method returns its argument, measured, and the argument itself if nobody receives metrics. Thread-safe. */
public final class PeerMetrics {

    private static final PeerMetrics NONE = new PeerMetrics(Optional.empty());

    private final Optional<Parts> parts;

    private record Parts(
            Metrics metrics,
            LongSupplier nanoTime,
            EventMetrics events,
            QueryMetrics queries,
            BackgroundMetrics background,
            RequestMetrics requests,
            StoreMetrics records,
            StoreMetrics providers) {}

    private PeerMetrics(Optional<Parts> parts) {
        this.parts = parts;
    }

    /**
     * Returns the measurement of a peer that reports to {@code receiver}; none if that is {@link Metrics#NONE}. What {@code receiver} throws is
     * logged and reaches nobody.
     */
    public static PeerMetrics of(Metrics receiver, LongSupplier nanoTime) {
        if (receiver == Metrics.NONE) {
            return NONE;
        }
        Metrics metrics = new ContainedMetrics(receiver);
        return new PeerMetrics(Optional.of(new Parts(
                metrics,
                nanoTime,
                new EventMetrics(metrics),
                new QueryMetrics(metrics),
                new BackgroundMetrics(metrics),
                new RequestMetrics(metrics, nanoTime),
                new StoreMetrics(metrics, "records", nanoTime),
                new StoreMetrics(metrics, "providers", nanoTime))));
    }

    /** Returns the measurement of a peer that reports nothing. */
    public static PeerMetrics none() {
        return NONE;
    }

    /** Returns {@code events}, measured. */
    public Consumer<DhtEvent> measureEvents(Consumer<DhtEvent> events) {
        return parts.<Consumer<DhtEvent>>map(measuring -> event -> {
                    measuring.events().accept(event);
                    events.accept(event);
                })
                .orElse(events);
    }

    /** Returns the observer of the queries. */
    public QueryObserver queryObserver() {
        return parts.<QueryObserver>map(Parts::queries).orElse(QueryObserver.NONE);
    }

    /** Returns the receiver of the steps of background work. */
    public Consumer<BackgroundEvent> backgroundEvents() {
        return parts.<Consumer<BackgroundEvent>>map(Parts::background).orElse(event -> {});
    }

    /** Returns what plug-ins report their metrics to: {@code receiver}, but whatever that throws is logged and reaches nobody. */
    public static Metrics ofPlugins(Metrics receiver) {
        return receiver == Metrics.NONE ? receiver : new ContainedMetrics(receiver);
    }

    /** Returns {@code transport}, whose requests are measured. */
    public Transport measureTransport(Transport transport) {
        return parts.<Transport>map(measuring -> new MeasuredTransport(transport, measuring.requests()))
                .orElse(transport);
    }

    /** Returns {@code responder}, measured unless the request was measured when it was received first. */
    public Responder measureResponder(InboundRequest request, Responder responder) {
        return parts.isEmpty() || request.redelivered()
                ? responder
                : parts.get().requests().served(request, responder);
    }

    /** Returns {@code stores}, whose calls are measured. */
    public Stores measureStores(Stores stores) {
        return parts.map(measuring -> new Stores(
                        measuring.records().measure(stores.records()),
                        measuring.providers().measure(stores.providers())))
                .orElse(stores);
    }

    /** Adds the gauges of a peer that is complete. */
    public void addGauges(Kademlia kad, Transport transport) {
        parts.ifPresent(measuring -> {
            PeerGauges.add(measuring.metrics(), measuring.nanoTime(), kad, transport);
            measuring
                    .background()
                    .addBacklogs(
                            measuring
                                    .records()
                                    .addGauges(() -> kad.recordStore().statistics()),
                            measuring
                                    .providers()
                                    .addGauges(() -> kad.providerStore().statistics()));
        });
    }
}
