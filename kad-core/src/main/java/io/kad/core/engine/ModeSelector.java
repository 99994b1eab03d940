package io.kad.core.engine;

import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;

/**
 * Selector of client or server mode: the configured mode, or in automatic mode server while the peer has an external address.
 * Confined to one thread at a time.
 */
final class ModeSelector {

    private final AdvanceContext context;
    private Mode configuredMode;
    private boolean reachable;
    private boolean serving;

    ModeSelector(AdvanceContext context, Mode configuredMode) {
        this.context = context;
        this.configuredMode = configuredMode;
    }

    /** Starts to serve if the peer is a server from the start. */
    void start() {
        serving = isServer();
        if (serving) {
            context.emit(new EngineAction.Serve(true));
        }
    }

    /** Sets the configured mode. */
    void setMode(Mode mode) {
        configuredMode = mode;
        apply();
    }

    /** Sets whether the peer has an external address. */
    void setReachable(boolean reachable) {
        this.reachable = reachable;
        apply();
    }

    private void apply() {
        if (isServer() != serving) {
            serving = !serving;
            context.emit(new EngineAction.Serve(serving));
            context.emit(new EngineAction.EmitDhtEvent(new DhtEvent.ModeChanged(serving ? Mode.SERVER : Mode.CLIENT)));
        }
    }

    private boolean isServer() {
        return configuredMode == Mode.SERVER || (configuredMode == Mode.AUTO && reachable);
    }
}
