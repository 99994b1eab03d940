package io.kad.core.job;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.result.PutResult;
import io.kad.api.result.QueryResult;
import io.kad.api.spi.store.Page;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recurring republication of stored entries. It reads the store page by page and runs a few queries concurrently, so that its memory does
 * not depend on the number of entries.
 *
 * <p>A run starts when it is due and the routing table contains a peer. It reads the next page when all entries of the previous page have
 * been started. A page that can't be read ends the run; the next run starts after the interval. Confined to one thread at a time.
 */
final class RepublishJob<T> {

    /** Number of entries of a page. */
    static final int PAGE = 64;

    private final DhtEvent.RepublishKind kind;
    private final Source<T> source;
    private final JitteredInterval timer;
    private final int parallelism;
    private final Deque<T> waiting = new ArrayDeque<>();

    private Optional<Bytes> cursor = Optional.empty();
    private boolean active;
    private boolean exhausted;
    private @Nullable StoreOperationId loading;
    private int running;

    /** Entries of one kind that are republished. */
    interface Source<T> {

        /** Called when a run starts. */
        default void begin() {}

        /** Starts to read a page, and returns the ID of the operation. */
        StoreOperationId load(JobHost host, Optional<Bytes> after, int limit);

        /** Returns the key of an entry. */
        RecordKey key(T item);

        /** Returns the query that republishes an entry; empty to skip it. */
        Optional<QuerySpec> query(T item, JobHost host);
    }

    RepublishJob(DhtEvent.RepublishKind kind, Source<T> source, JitteredInterval timer, int parallelism) {
        this.kind = kind;
        this.source = source;
        this.timer = timer;
        this.parallelism = parallelism;
    }

    void begin(long nowNanos) {
        timer.begin(nowNanos);
    }

    /** Starts a run if one is due, and the next queries or page of a run. If it throws, which is a defect, the run ends. */
    void proceed(JobHost host) {
        try {
            runNextStep(host);
        } catch (RuntimeException fault) {
            host.logFault("republication " + kind, fault);
            waiting.clear();
            endRun(host);
        }
    }

    private void runNextStep(JobHost host) {
        if (!active) {
            if (!timer.isDue(host.nanos()) || !host.hasPeers()) {
                return;
            }
            active = true;
            exhausted = false;
            cursor = Optional.empty();
            source.begin();
        }
        startQueries(host);
        if (!waiting.isEmpty() || loading != null) {
            return;
        }
        if (!exhausted) {
            loading = source.load(host, cursor, PAGE);
        } else if (running == 0) {
            endRun(host);
        }
    }

    private void endRun(JobHost host) {
        active = false;
        timer.restart(host.nanos());
    }

    private void startQueries(JobHost host) {
        while (running < parallelism && !waiting.isEmpty()) {
            T item = waiting.peek();
            Optional<QuerySpec> query = source.query(item, host);
            running++;
            if (query.isEmpty()) {
                running--;
            } else if (!host.start(query.get(), new Outcome(source.key(item), host))) {
                running--;
                return;
            }
            waiting.remove();
        }
    }

    /** Returns whether this job waits for the result of {@code operation}. */
    boolean isWaitingFor(StoreOperationId operation) {
        return operation.equals(loading);
    }

    /** Called when a page was read. */
    void loaded(Page<T> page) {
        loading = null;
        waiting.addAll(page.items());
        cursor = page.next();
        exhausted = page.next().isEmpty();
    }

    /** Called when a page could not be read. */
    void loadFailed() {
        loading = null;
        exhausted = true;
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for no deadline. */
    long nextDeadlineNanos(boolean hasPeers) {
        return active || !hasPeers ? Long.MAX_VALUE : timer.dueNanos();
    }

    /** Records the result of one query and emits it. */
    private final class Outcome implements QueryListener {

        private final RecordKey key;
        private final JobHost host;

        Outcome(RecordKey key, JobHost host) {
            this.key = key;
            this.host = host;
        }

        @Override
        public void onComplete(QueryId query, QueryResult result) {
            int stored = result instanceof PutResult put ? put.storedBy().size() : 0;
            complete(stored, Optional.empty());
        }

        @Override
        public void onFailure(QueryId query, KadException failure) {
            int stored = failure instanceof KadException.QuorumNotReached quorum
                    ? quorum.successes().size()
                    : 0;
            complete(stored, Optional.of(failure));
        }

        private void complete(int stored, Optional<KadException> failure) {
            running--;
            host.emit(new DhtEvent.Republished(kind, key, stored, failure));
        }
    }
}
