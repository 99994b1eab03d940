package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.Transport;
import io.kad.core.plugin.ContainedGates;
import io.kad.core.record.Validators;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Stopwatches for the plug-ins of a peer that are called on threads that must not wait. Thread-safe. */
public final class SlowCallDetectors {

    private static final ContainedGates.Watch NO_WATCH = new ContainedGates.Watch() {
        @Override
        public long begin() {
            return 0;
        }

        @Override
        public void end(String method, long start) {}
    };

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
                : new TimedRecordStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code store}, watched unless it may block. */
    public ProviderStore providers(ProviderStore store) {
        return clock.isEmpty() || store.mayBlock()
                ? store
                : new TimedProviderStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code transport}, watched. */
    public Transport transport(Transport transport) {
        return clock.<Transport>map(
                        time -> new TimedTransport(transport, SlowCallDetector.ofTransport(time, transport)))
                .orElse(transport);
    }

    /** Returns {@code gates} as one that is contained, each of them watched. */
    public ConnectionGate gates(List<ConnectionGate> gates) {
        return gates.isEmpty()
                ? ConnectionGate.OPEN
                : new ContainedGates(
                        gates,
                        gate -> clock.<ContainedGates.Watch>map(time -> SlowCallDetector.ofGate(time, gate))
                                .orElse(NO_WATCH));
    }

    /** Returns {@code validators}, each of them watched. */
    public Validators validators(Validators validators) {
        return clock.map(time -> validators.through(
                        validator -> new TimedValidator(validator, SlowCallDetector.ofValidator(time, validator))))
                .orElse(validators);
    }
}
