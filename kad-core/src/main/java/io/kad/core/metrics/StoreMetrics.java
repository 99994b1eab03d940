package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.StoreException;
import io.kad.core.runtime.StoreAccess;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Measurement of one store: the time of its calls, and its statistics. Thread-safe. */
final class StoreMetrics {

    /** Statistics are read once for all gauges of a reading. */
    private static final long MAX_AGE_NANOS = 1_000_000_000;

    private final Metrics metrics;
    private final String store;
    private final LongSupplier nanoTime;
    private final Meters<Metrics.Timer> calls;
    private Map<String, Long> statistics = Map.of();
    private long readNanos;

    StoreMetrics(Metrics metrics, String store, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.store = store;
        this.nanoTime = nanoTime;
        this.calls = new Meters<>(labels -> metrics.timer(PeerMetric.STORE_CALLS.metric(), labels));
    }

    /** Returns {@code access}, whose calls are measured. */
    <S> StoreAccess<S> measured(StoreAccess<S> access) {
        return access.observedBy(new StoreAccess.CallObserver() {
            @Override
            public long begin() {
                return nanoTime.getAsLong();
            }

            @Override
            public void end(long start, Optional<Throwable> failure) {
                String outcome = failure.map(cause ->
                                cause instanceof StoreException ? LabelText.typeName(cause.getClass()) : "defect")
                        .orElse(LabelText.OK);
                calls.with(store, outcome).record(Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - start)));
            }
        });
    }

    /** Statistics of a store. */
    @FunctionalInterface
    interface Source {

        Map<String, Long> read() throws StoreException;
    }

    /** Adds a gauge for each statistic that the store has now. */
    void addGauges(Source source) {
        readNanos = nanoTime.getAsLong() - MAX_AGE_NANOS;
        for (String name : current(source).keySet()) {
            metrics.gauge(
                    PeerMetric.STORE.metric(),
                    () -> {
                        Long value = current(source).get(name);
                        return value == null ? Double.NaN : value;
                    },
                    store,
                    name);
        }
    }

    private synchronized Map<String, Long> current(Source source) {
        long now = nanoTime.getAsLong();
        if (now - readNanos >= MAX_AGE_NANOS) {
            try {
                statistics = new TreeMap<>(source.read());
            } catch (StoreException | RuntimeException unknown) {
                statistics = Map.of(); // a closed or failed store has no statistics
            }
            readNanos = now;
        }
        return statistics;
    }
}
