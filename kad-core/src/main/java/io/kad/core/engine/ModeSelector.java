package io.kad.core.engine;

import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;

/** Whether the peer serves others: as the user fixed it, or while it has an external address. */
final class ModeSelector {

    private final AdvanceContext advance;
    private Mode configuredMode;
    private boolean reachable;
    private boolean serving;

    ModeSelector(AdvanceContext advance, Mode wanted) {
        this.advance = advance;
        this.configuredMode = wanted;
    }

    /** Begins to serve, if the peer is a server from the start. */
    void start() {
        serving = isServer();
        if (serving) {
            advance.emit(new EngineAction.Serve(true));
        }
    }

    /** Fixes the mode, or sets it to automatic. */
    void setMode(Mode mode) {
        configuredMode = mode;
        apply();
    }

    /** Notes whether there is an external address. */
    void setReachable(boolean reachable) {
        this.reachable = reachable;
        apply();
    }

    private void apply() {
        if (isServer() != serving) {
            serving = !serving;
            advance.emit(new EngineAction.Serve(serving));
            advance.emit(new EngineAction.EmitEvent(new DhtEvent.ModeChanged(serving ? Mode.SERVER : Mode.CLIENT)));
        }
    }

    private boolean isServer() {
        return configuredMode == Mode.SERVER || (configuredMode == Mode.AUTO && reachable);
    }
}
