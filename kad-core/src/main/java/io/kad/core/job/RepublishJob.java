package io.kad.core.job;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.result.PutResult;
import io.kad.api.result.QueryResult;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Recurring republication of stored entries. It reads the store page by page and runs a few queries concurrently, so that its memory does
 * not depend on the number of entries.
 *
 * <p>A run starts when it is due and the routing table contains a peer. It reads the next page when all entries of the previous page have
 * been started. Each entry is read again when its turn comes, because it may have changed or be gone since its page was read. A failed read
 * is retried after a delay that doubles from {@link #FIRST_RETRY} to {@link #LAST_RETRY}, so that no entry is skipped. Confined to one
 * thread at a time.
 */
final class RepublishJob<T> {

    /** Number of entries of a page. */
    static final int PAGE = 64;
    /** Delay before the first retry of a failed read. If too low, a failing store is called often; if too high, a run takes long. */
    static final Duration FIRST_RETRY = Duration.ofSeconds(10);
    /** Greatest delay before a retry; well below the time to live of an entry. */
    static final Duration LAST_RETRY = Duration.ofMinutes(10);

    private final DhtEvent.RepublishKind kind;
    private final Source<T> source;
    private final JitteredInterval timer;
    private final int parallelism;
    private final Deque<RecordKey> waiting = new ArrayDeque<>();
    /** Entries that are read again, by store operation. */
    private final Map<StoreOperationId, RecordKey> rereading = new HashMap<>();

    private Optional<Bytes> cursor = Optional.empty();
    private boolean active;
    private boolean exhausted;
    private @Nullable StoreOperationId loading;
    private int running;
    private int failedReads;
    /** Number of entries of the pages that the present run has read. */
    private long read;

    private long retryNanos = Long.MIN_VALUE;
    private boolean reportedReadsOn;
    private long reportedRead;
    private int reportedPending;

    /** Entries of one kind that are republished. */
    interface Source<T> {

        /** Called when a run starts. */
        default void begin() {}

        /** Starts to read a page, and returns the ID of the operation. */
        StoreOperationId load(JobOperations operations, Optional<Bytes> after, int limit);

        /** Starts to read the entry of {@code key} again, and returns the ID of the operation. */
        StoreOperationId reload(JobOperations operations, RecordKey key);

        /** Returns the key of an entry. */
        RecordKey key(T item);

        /** Returns the query that republishes an entry; empty to skip it. */
        Optional<QuerySpec> query(T item, JobOperations operations);
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

    /** Starts a run if one is due, and the next reads of a run. If it throws, which is a defect, the run ends. */
    void proceed(JobOperations operations) {
        try {
            runNextStep(operations);
        } catch (RuntimeException fault) {
            operations.logFault("republication " + kind, fault);
            waiting.clear();
            rereading.clear();
            endRun(operations);
        }
        reportProgress(operations);
    }

    private void reportProgress(JobOperations operations) {
        boolean readsOn = active && !exhausted;
        int pending = waiting.size() + rereading.size() + running;
        if (readsOn != reportedReadsOn || read != reportedRead || pending != reportedPending) {
            reportedReadsOn = readsOn;
            reportedRead = read;
            reportedPending = pending;
            operations.report(new BackgroundEvent.RunProgressed(kind, readsOn, read, pending));
        }
    }

    private void runNextStep(JobOperations operations) {
        if (!active) {
            if (!timer.isDue(operations.nanos()) || !operations.hasPeers()) {
                return;
            }
            active = true;
            exhausted = false;
            cursor = Optional.empty();
            source.begin();
        }
        if (operations.nanos() < retryNanos) {
            return;
        }
        while (running + rereading.size() < parallelism && !waiting.isEmpty() && operations.hasRoomForQuery()) {
            RecordKey key = waiting.remove();
            rereading.put(source.reload(operations, key), key);
        }
        if (!waiting.isEmpty() || !rereading.isEmpty() || loading != null) {
            return;
        }
        if (!exhausted) {
            loading = source.load(operations, cursor, PAGE);
        } else if (running == 0) {
            endRun(operations);
        }
    }

    private void endRun(JobOperations operations) {
        active = false;
        read = 0;
        timer.restart(operations.nanos());
    }

    /** Returns whether this job waits for the result of {@code operation}. */
    boolean isWaitingFor(StoreOperationId operation) {
        return operation.equals(loading) || rereading.containsKey(operation);
    }

    /** Called when a page was read. */
    void loaded(Page<T> page) {
        loading = null;
        failedReads = 0;
        page.items().forEach(item -> waiting.add(source.key(item)));
        read += page.items().size();
        cursor = page.next();
        exhausted = page.next().isEmpty();
    }

    /** Called when an entry was read again. */
    void reloaded(StoreOperationId operation, Optional<T> item, JobOperations operations) {
        RecordKey key = rereading.remove(operation);
        if (key == null) {
            return;
        }
        failedReads = 0;
        Optional<QuerySpec> query = item.flatMap(present -> source.query(present, operations));
        if (query.isEmpty()) {
            return;
        }
        running++;
        if (!operations.start(query.get(), new Outcome(key, operations))) {
            running--;
            waiting.addFirst(key);
        }
    }

    /** Called when a read failed: it is retried later, and until then no other one is started. */
    void loadFailed(StoreOperationId operation, StoreException failure, JobOperations operations) {
        RecordKey key = rereading.remove(operation);
        if (key != null) {
            waiting.addFirst(key);
        } else {
            loading = null;
        }
        if (operations.nanos() < retryNanos) {
            return;
        }
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failedReads, 10));
        delay = delay.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : delay;
        failedReads++;
        retryNanos = operations.nanos() + delay.toNanos();
        operations.emit(new DhtEvent.RepublishDelayed(kind, delay, String.valueOf(failure.getMessage())));
    }

    /** Returns the time at which {@link #proceed} must be called; {@link Long#MAX_VALUE} for no deadline. */
    long nextDeadlineNanos(JobOperations operations) {
        if (!active) {
            return operations.hasPeers() ? timer.dueNanos() : Long.MAX_VALUE;
        }
        return operations.nanos() < retryNanos ? retryNanos : Long.MAX_VALUE;
    }

    /** Records the result of one query and emits it. */
    private final class Outcome implements QueryListener {

        private final RecordKey key;
        private final JobOperations operations;

        Outcome(RecordKey key, JobOperations operations) {
            this.key = key;
            this.operations = operations;
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
            operations.emit(new DhtEvent.Republished(kind, key, stored, failure));
        }
    }
}
