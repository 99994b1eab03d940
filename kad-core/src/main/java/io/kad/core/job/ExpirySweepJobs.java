package io.kad.core.job;

import io.kad.api.KademliaConfig;
import io.kad.core.query.OperationId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The sweeps of both stores; each has its own time, and neither waits for the other. Confined to one thread at a time. */
public final class ExpirySweepJobs {

    private final JobHost host;
    private final List<ExpirySweepJob> sweeps;

    /** Makes the sweeps of a peer; none of them is begun. */
    public ExpirySweepJobs(KademliaConfig config, RandomGenerator random, JobHost host) {
        Optional<Duration> interval = config.get(KademliaConfig.EXPIRY_SWEEP_INTERVAL);
        this.host = host;
        this.sweeps = List.of(
                new ExpirySweepJob(JobHost::removeExpiredRecords, new JitteredInterval(interval, random)),
                new ExpirySweepJob(JobHost::removeExpiredProviders, new JitteredInterval(interval, random)));
    }

    /** Begins; called once, first. */
    public void begin() {
        sweeps.forEach(sweep -> sweep.begin(host.nanos()));
    }

    /** Goes on as far as possible; called in each step, at its end. */
    public void proceed() {
        for (ExpirySweepJob sweep : sweeps) {
            sweep.proceed(host);
        }
    }

    /** Takes the end of a step. */
    public void removed(OperationId operation, int count) {
        sweeps.forEach(sweep -> sweep.removed(host, operation, count));
    }

    /** Takes that a store did not do what it was asked. */
    public void storeFailed(OperationId operation) {
        sweeps.forEach(sweep -> sweep.failed(host, operation));
    }

    /** Returns when {@link #proceed} is to be called; {@link Long#MAX_VALUE} for not before something happens. */
    public long nextDeadlineNanos() {
        long next = Long.MAX_VALUE;
        for (ExpirySweepJob sweep : sweeps) {
            next = Math.min(next, sweep.nextDeadlineNanos());
        }
        return next;
    }
}
