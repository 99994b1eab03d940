package io.kad.core.job;

import java.util.OptionalLong;

/** Has what is expired removed from one store now and then, a bounded number of records at a time. Confined to one thread at a time. */
final class ExpirySweepJob {

    /** How many records are removed in one step; other work of the peer has its turn between two steps. */
    static final int STEP = 1024;

    private final Step step;
    private final JitteredInterval timer;
    private OptionalLong running = OptionalLong.empty();

    /** Begins a step, and returns the number of its operation. */
    @FunctionalInterface
    interface Step {

        /** Begins it. */
        long begin(JobHost host, int limit);
    }

    ExpirySweepJob(Step step, JitteredInterval timer) {
        this.step = step;
        this.timer = timer;
    }

    void begin(long nowNanos) {
        timer.begin(nowNanos);
    }

    void proceed(JobHost host) {
        if (running.isEmpty() && timer.isDue(host.nanos())) {
            running = OptionalLong.of(step.begin(host, STEP));
        }
    }

    /** Takes the end of a step: a full one is followed by the next, without waiting. */
    void removed(JobHost host, long operation, int count) {
        if (awaits(operation)) {
            running = OptionalLong.empty();
            if (count < STEP) {
                timer.restart(host.nanos());
            }
        }
    }

    /** Takes that a step failed; it is tried again in its time. */
    void failed(JobHost host, long operation) {
        removed(host, operation, 0);
    }

    private boolean awaits(long operation) {
        return running.isPresent() && running.getAsLong() == operation;
    }

    /** Returns when {@link #proceed} is to be called; {@link Long#MAX_VALUE} for not before something happens. */
    long nextDeadlineNanos() {
        return running.isPresent() ? Long.MAX_VALUE : timer.dueNanos();
    }
}
