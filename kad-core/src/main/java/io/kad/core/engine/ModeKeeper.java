package io.kad.core.engine;

import io.kad.api.Mode;
import io.kad.api.event.DhtEvent;

/** Whether the peer serves others: as the user fixed it, or while it has an external address. */
final class ModeKeeper {

    private final Turn turn;
    private Mode wanted;
    private boolean reachable;
    private boolean serving;

    ModeKeeper(Turn turn, Mode wanted) {
        this.turn = turn;
        this.wanted = wanted;
    }

    /** Begins to serve, if the peer is a server from the start. */
    void begin() {
        serving = isServer();
        if (serving) {
            turn.emit(new EngineAction.Serve(true));
        }
    }

    /** Fixes the mode, or sets it to automatic. */
    void want(Mode mode) {
        wanted = mode;
        apply();
    }

    /** Notes whether there is an external address. */
    void reachable(boolean reachable) {
        this.reachable = reachable;
        apply();
    }

    private void apply() {
        if (isServer() != serving) {
            serving = !serving;
            turn.emit(new EngineAction.Serve(serving));
            turn.emit(new EngineAction.Publish(new DhtEvent.ModeChanged(serving ? Mode.SERVER : Mode.CLIENT)));
        }
    }

    private boolean isServer() {
        return wanted == Mode.SERVER || (wanted == Mode.AUTO && reachable);
    }
}
