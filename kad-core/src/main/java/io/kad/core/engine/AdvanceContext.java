package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Time and action sink of the current advance of the engine. Confined to one thread at a time. */
final class AdvanceContext {

    private @Nullable Now now;
    private @Nullable ActionSink out;

    void set(Now now, ActionSink out) {
        this.now = now;
        this.out = out;
    }

    long nanos() {
        return requireNonNull(now, "now").nanos();
    }

    Instant wall() {
        return requireNonNull(now, "now").wall();
    }

    void emit(EngineAction action) {
        requireNonNull(out, "out").emit(action);
    }
}
