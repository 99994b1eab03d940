package io.kad.node.diagnose;

import java.util.concurrent.atomic.AtomicBoolean;

/** Slot for the diagnosis of a node, which one at a time has until its probes are closed and its last step has returned. Thread-safe. */
public final class DiagnosisSlot {

    private final AtomicBoolean isTaken = new AtomicBoolean();

    /** Takes the slot; false if another diagnosis has it. */
    public boolean take() {
        return isTaken.compareAndSet(false, true);
    }

    /** Gives the slot back. */
    public void giveBack() {
        isTaken.set(false);
    }
}
