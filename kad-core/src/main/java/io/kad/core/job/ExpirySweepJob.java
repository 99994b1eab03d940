package io.kad.core.job;

import io.kad.core.query.OperationId;
import org.jspecify.annotations.Nullable;

/** Has what is expired removed from one store now and then, a bounded number of records at a time. Confined to one thread at a time. */
final class ExpirySweepJob {

    /** How many records are removed in one step; other work of the peer has its turn between two steps. */
    static final int STEP = 1024;

    private final Step step;
    private final JitteredInterval timer;
    private @Nullable OperationId running;

    /** Begins a step, and returns the ID of its operation. */
    @FunctionalInterface
    interface Step {

        /** Begins it. */
        OperationId begin(JobHost host, int limit);
    }

    ExpirySweepJob(Step step, JitteredInterval timer) {
        this.step = step;
        this.timer = timer;
    }

    void begin(long nowNanos) {
        timer.begin(nowNanos);
    }

    void proceed(JobHost host) {
        if (running == null && timer.isDue(host.nanos())) {
            running = step.begin(host, STEP);
        }
    }

    /** Takes the end of a step: a full one is followed by the next, without waiting. */
    void removed(JobHost host, OperationId operation, int count) {
        if (operation.equals(running)) {
            running = null;
            if (count < STEP) {
                timer.restart(host.nanos());
            }
        }
    }

    /** Takes that a step failed; it is tried again in its time. */
    void failed(JobHost host, OperationId operation) {
        removed(host, operation, 0);
    }

    /** Returns when {@link #proceed} is to be called; {@link Long#MAX_VALUE} for not before something happens. */
    long nextDeadlineNanos() {
        return running != null ? Long.MAX_VALUE : timer.dueNanos();
    }
}
