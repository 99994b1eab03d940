package io.kad.core.job;

import io.kad.api.KademliaConfig;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Expiry sweeps of both stores, each with a separate schedule; neither waits for the other. Confined to one thread at a time. */
public final class ExpirySweepJobs {

    private final JobOperations operations;
    private final List<ExpirySweepJob> sweeps;

    /** Creates the sweeps of a peer; they start with {@link #begin}. */
    public ExpirySweepJobs(KademliaConfig config, RandomGenerator random, JobOperations operations) {
        Optional<Duration> interval = config.get(KademliaConfig.EXPIRY_SWEEP_INTERVAL);
        this.operations = operations;
        this.sweeps = List.of(
                new ExpirySweepJob(JobOperations::removeExpiredRecords, new JitteredInterval(interval, random)),
                new ExpirySweepJob(JobOperations::removeExpiredProviders, new JitteredInterval(interval, random)));
    }

    /** Starts the first interval of each sweep. Called once, before all other methods. */
    public void begin() {
        sweeps.forEach(sweep -> sweep.begin(operations.nanos()));
    }

    /** Starts the sweeps that are due. Called at the end of each advance of the engine. */
    public void proceed() {
        for (ExpirySweepJob sweep : sweeps) {
            sweep.proceed(operations);
        }
    }

    /** Called when an operation has removed {@code count} entries. Ignores operations that no sweep started. */
    public void removed(StoreOperationId operation, int count) {
        sweeps.forEach(sweep -> sweep.removed(operations, operation, count));
    }

    /** Called when a store operation failed. Ignores operations that no sweep started. */
    public void storeFailed(StoreOperationId operation) {
        sweeps.forEach(sweep -> sweep.failed(operations, operation));
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for no deadline. */
    public long nextDeadlineNanos() {
        long next = Long.MAX_VALUE;
        for (ExpirySweepJob sweep : sweeps) {
            next = Math.min(next, sweep.nextDeadlineNanos());
        }
        return next;
    }
}
