package io.kad.core.metrics;

import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.StoreException;
import io.kad.core.runtime.StoreAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** Measurement of one store: the time of its calls, and its statistics. Thread-safe. */
final class StoreMetrics {

    private final Metrics metrics;
    private final String store;
    private final LongSupplier nanoTime;
    private final Meters<Metrics.Timer> calls;

    StoreMetrics(Metrics metrics, String store, LongSupplier nanoTime) {
        this.metrics = metrics;
        this.store = store;
        this.nanoTime = nanoTime;
        this.calls = new Meters<>(outcome -> metrics.timer(PeerMetric.STORE_CALLS.metric(), store, outcome));
        addZeros();
    }

    /** Adds the outcomes of a store that is open: from one that appears with its first call, no alert can tell that call. */
    private void addZeros() {
        calls.with(LabelText.OK);
        calls.with(LabelText.DEFECT);
        for (Class<?> failure : List.of(
                StoreException.Full.class,
                StoreException.ShareReached.class,
                StoreException.TooLarge.class,
                StoreException.Failed.class)) {
            calls.with(LabelText.typeName(failure));
        }
    }

    /** Returns {@code access}, whose calls are measured. */
    <S> StoreAccess<S> measure(StoreAccess<S> access) {
        return access.observedBy(new StoreAccess.CallObserver() {
            @Override
            public long begin() {
                return nanoTime.getAsLong();
            }

            @Override
            public void end(long start, Optional<Throwable> failure) {
                String outcome = failure.map(cause -> cause instanceof StoreException
                                ? LabelText.typeName(cause.getClass())
                                : LabelText.DEFECT)
                        .orElse(LabelText.OK);
                calls.with(outcome).record(Duration.ofNanos(Math.max(0, nanoTime.getAsLong() - start)));
            }
        });
    }

    /** Adds a gauge for each statistic that the store has now, and returns the statistics. */
    GaugeSource<Map<String, Long>> addGauges(GaugeSource.Reader<Map<String, Long>> reader) {
        GaugeSource<Map<String, Long>> source = new GaugeSource<>(() -> new TreeMap<>(reader.read()), nanoTime);
        for (String name : source.now().orElse(Map.of()).keySet()) {
            metrics.gauge(PeerMetric.STORE.metric(), () -> PeerGauges.number(source.now(), name), store, name);
        }
        return source;
    }
}
