package io.kad.core.job;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.Page;
import io.kad.core.query.OperationId;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a store holds again, once each interval: page by page and a few at a time, so that it takes no more memory for a
 * million records than for a hundred.
 *
 * <p>A run begins when it is due and somebody is known to publish to. It reads the next page when nothing of the one before waits. What
 * can't be read ends the run; the next one comes all the same. Confined to one thread at a time.
 */
final class RepublishJob<T> {

    /** How many records are read at once. */
    static final int PAGE = 64;

    private final DhtEvent.RepublishKind what;
    private final Source<T> source;
    private final JitteredInterval timer;
    private final int parallel;
    private final Deque<T> waiting = new ArrayDeque<>();

    private Optional<Bytes> cursor = Optional.empty();
    private boolean underWay;
    private boolean exhausted;
    private @Nullable OperationId loading;
    private int running;

    /** What is published again. */
    interface Source<T> {

        /** Takes that a run begins. */
        default void begin() {}

        /** Reads a page, and returns the ID of the operation. */
        OperationId load(JobHost host, Optional<Bytes> after, int limit);

        /** Returns the key of what was read. */
        RecordKey key(T item);

        /** Returns how it is published, or empty if it need not be. */
        Optional<QuerySpec> query(T item, JobHost host);
    }

    RepublishJob(DhtEvent.RepublishKind what, Source<T> source, JitteredInterval timer, int parallel) {
        this.what = what;
        this.source = source;
        this.timer = timer;
        this.parallel = parallel;
    }

    void begin(long nowNanos) {
        timer.begin(nowNanos);
    }

    /** Goes on as far as possible. */
    void proceed(JobHost host) {
        if (!underWay) {
            if (!timer.isDue(host.nanos()) || !host.knowsPeers()) {
                return;
            }
            underWay = true;
            exhausted = false;
            cursor = Optional.empty();
            source.begin();
        }
        publishWaiting(host);
        if (!waiting.isEmpty() || loading != null) {
            return;
        }
        if (!exhausted) {
            loading = source.load(host, cursor, PAGE);
        } else if (running == 0) {
            underWay = false;
            timer.restart(host.nanos());
        }
    }

    private void publishWaiting(JobHost host) {
        while (running < parallel && !waiting.isEmpty()) {
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

    /** Returns whether it awaits this store operation. */
    boolean awaits(OperationId operation) {
        return operation.equals(loading);
    }

    /** Takes what was read. */
    void loaded(Page<T> page) {
        loading = null;
        waiting.addAll(page.items());
        cursor = page.next();
        exhausted = page.next().isEmpty();
    }

    /** Takes that nothing could be read. */
    void loadFailed() {
        loading = null;
        exhausted = true;
    }

    /** Returns when it is to go on by itself; {@link Long#MAX_VALUE} for not before something happens. */
    long nextDeadlineNanos(boolean knowsPeers) {
        return underWay || !knowsPeers ? Long.MAX_VALUE : timer.dueNanos();
    }

    /** Takes what became of one query. */
    private final class Outcome implements QueryListener {

        private final RecordKey key;
        private final JobHost host;

        Outcome(RecordKey key, JobHost host) {
            this.key = key;
            this.host = host;
        }

        @Override
        public void onComplete(QueryId query, java.lang.Record result) {
            int stored = result instanceof PutResult record ? record.storedBy().size() : 0;
            end(stored, Optional.empty());
        }

        @Override
        public void onFailure(QueryId query, KadException failure) {
            int stored = failure instanceof KadException.QuorumNotReached quorum
                    ? quorum.successes().size()
                    : 0;
            end(stored, Optional.of(failure));
        }

        private void end(int stored, Optional<KadException> failure) {
            running--;
            host.publish(new DhtEvent.Republished(what, key, stored, failure));
        }
    }
}
