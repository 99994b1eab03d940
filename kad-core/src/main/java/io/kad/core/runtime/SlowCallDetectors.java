package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.Transport;
import io.kad.core.record.Validators;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Stopwatches for the plug-ins of a peer that are called on threads that must not wait. Thread-safe. */
public final class SlowCallDetectors {

    private final Optional<SlowCallDetector.Clock> clock;

    private SlowCallDetectors(Optional<SlowCallDetector.Clock> clock) {
        this.clock = clock;
    }

    /** Returns watches that measure by this monotonic clock, in nanoseconds. */
    public static SlowCallDetectors by(LongSupplier nanoTime) {
        return new SlowCallDetectors(Optional.of(new SlowCallDetector.Clock(nanoTime)));
    }

    /** Returns watches that measure nothing. */
    public static SlowCallDetectors none() {
        return new SlowCallDetectors(Optional.empty());
    }

    /** Returns {@code store}, watched unless it may block. */
    public RecordStore records(RecordStore store) {
        return clock.isEmpty() || store.mayBlock()
                ? store
                : new SlowCallDetectingRecordStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code store}, watched unless it may block. */
    public ProviderStore providers(ProviderStore store) {
        return clock.isEmpty() || store.mayBlock()
                ? store
                : new SlowCallDetectingProviderStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code transport}, watched. */
    public Transport transport(Transport transport) {
        return clock.<Transport>map(
                        time -> new SlowCallDetectingTransport(transport, SlowCallDetector.ofTransport(time, transport)))
                .orElse(transport);
    }

    /** Returns {@code validators}, each of them watched. */
    public Validators validators(Validators validators) {
        return clock.map(time -> validators.through(
                        validator -> new SlowCallDetectingValidator(validator, SlowCallDetector.ofValidator(time, validator))))
                .orElse(validators);
    }
}
