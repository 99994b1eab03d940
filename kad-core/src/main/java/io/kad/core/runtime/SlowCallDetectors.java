package io.kad.core.runtime;

import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.Transport;
import io.kad.core.plugin.FailClosedGate;
import io.kad.core.plugin.RunningCalls;
import io.kad.core.record.Validators;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Detectors of slow calls of the plug-ins of a peer that are called on threads that must not wait. Thread-safe. */
public final class SlowCallDetectors {

    private static final FailClosedGate.Watch NO_WATCH = new FailClosedGate.Watch() {
        @Override
        public long begin() {
            return 0;
        }

        @Override
        public void end(String method, long start) {}
    };

    /** Time between two calls of {@link #lookAtRunningCalls}. */
    public static final Duration LOOK_INTERVAL = RunningCalls.INTERVAL;

    private final Optional<SlowCallDetector.Clock> clock;

    private SlowCallDetectors(Optional<SlowCallDetector.Clock> clock) {
        this.clock = clock;
    }

    /** Returns detectors that measure by this monotonic clock, in nanoseconds. */
    public static SlowCallDetectors by(LongSupplier nanoTime) {
        return new SlowCallDetectors(Optional.of(new SlowCallDetector.Clock(nanoTime)));
    }

    /** Returns detectors that measure nothing. */
    public static SlowCallDetectors none() {
        return new SlowCallDetectors(Optional.empty());
    }

    /** Names the plug-ins whose calls were running at the last look too; to be called at intervals of {@link #LOOK_INTERVAL}. */
    public void lookAtRunningCalls() {
        clock.ifPresent(SlowCallDetector.Clock::lookAtRunningCalls);
    }

    /** Returns {@code store}, whose slow calls are detected unless it may block. */
    public RecordStore wrapRecordStore(RecordStore store) {
        return clock.isEmpty() || store.mayBlock()
                ? store
                : new SlowCallDetectingRecordStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code store}, whose slow calls are detected unless it may block. */
    public ProviderStore wrapProviderStore(ProviderStore store) {
        return clock.isEmpty() || store.mayBlock()
                ? store
                : new SlowCallDetectingProviderStore(store, SlowCallDetector.ofStore(clock.get(), store));
    }

    /** Returns {@code transport}, whose slow calls are detected. */
    public Transport wrapTransport(Transport transport) {
        return clock.<Transport>map(time ->
                        new SlowCallDetectingTransport(transport, SlowCallDetector.ofTransport(time, transport)))
                .orElse(transport);
    }

    /** Returns {@code gates} as one that is contained, whose slow calls are detected. */
    public ConnectionGate wrapGates(List<ConnectionGate> gates) {
        return gates.isEmpty()
                ? ConnectionGate.OPEN
                : new FailClosedGate(
                        gates,
                        gate -> clock.<FailClosedGate.Watch>map(time -> SlowCallDetector.ofGate(time, gate))
                                .orElse(NO_WATCH));
    }

    /** Returns {@code validators}, whose slow calls are detected. */
    public Validators wrapValidators(Validators validators) {
        return clock.map(time -> validators.through(validator ->
                        new SlowCallDetectingValidator(validator, SlowCallDetector.ofValidator(time, validator))))
                .orElse(validators);
    }
}
