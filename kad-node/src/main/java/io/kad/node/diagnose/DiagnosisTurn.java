package io.kad.node.diagnose;

import java.util.concurrent.atomic.AtomicBoolean;

/** Turn to diagnose a node, which one diagnosis at a time has until its probes are closed. Thread-safe. */
public final class DiagnosisTurn {

    private final AtomicBoolean isTaken = new AtomicBoolean();

    /** Takes the turn; false if another diagnosis has it. */
    public boolean take() {
        return isTaken.compareAndSet(false, true);
    }

    /** Gives the turn back. */
    public void giveBack() {
        isTaken.set(false);
    }
}
