package io.kad.core.job;

import io.kad.core.query.StoreOperationId;
import org.jspecify.annotations.Nullable;

/** Recurring removal of the expired entries of one store, in steps of bounded size. Confined to one thread at a time. */
final class ExpirySweepJob {

    /** Limit of the entries that one step removes. If too high, a step delays other store calls; if too low, a sweep takes many calls. */
    static final int STEP = 1024;

    private final Step step;
    private final JitteredInterval timer;
    private @Nullable StoreOperationId running;

    /** Store operation that removes expired entries. */
    @FunctionalInterface
    interface Step {

        /** Starts the operation, which removes up to {@code limit} entries, and returns its ID. */
        StoreOperationId begin(JobOperations operations, int limit);
    }

    ExpirySweepJob(Step step, JitteredInterval timer) {
        this.step = step;
        this.timer = timer;
    }

    void begin(long nowNanos) {
        timer.begin(nowNanos);
    }

    /** Starts a step if one is due. If it throws, which is a defect, it is retried after the interval. */
    void proceed(JobOperations operations) {
        if (running == null && timer.isDue(operations.nanos())) {
            try {
                running = step.begin(operations, STEP);
            } catch (RuntimeException fault) {
                operations.logFault("expiry sweep", fault);
                timer.restart(operations.nanos());
            }
        }
    }

    /** Called when a step has removed {@code count} entries. After a full step the next one starts without delay. */
    void removed(JobOperations operations, StoreOperationId operation, int count) {
        if (operation.equals(running)) {
            running = null;
            if (count < STEP) {
                timer.restart(operations.nanos());
            }
        }
    }

    /** Called when a step failed. It is retried after the interval. */
    void failed(JobOperations operations, StoreOperationId operation) {
        removed(operations, operation, 0);
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for no deadline. */
    long nextDeadlineNanos() {
        return running != null ? Long.MAX_VALUE : timer.dueNanos();
    }
}
