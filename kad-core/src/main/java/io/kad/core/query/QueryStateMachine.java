package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.result.PartialResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * State machine of one query: its life and its deadline. Results of its requests go to {@link QueryState}, results of the local store
 * to its {@link QueryLogic}; after each of them the logic proceeds.
 *
 * <p>A query ends exactly once: with a result, with a failure (at the latest when it times out), or by {@link #cancel}. Then it has no
 * pending requests, and no further event may be passed to it; {@link #fail} has no effect. Confined to one thread at a time.
 */
public final class QueryStateMachine {

    private final QueryKind kind;
    private final Optional<String> problem;
    private final QueryState state;
    private final QueryLogic logic;
    private final PartialResult.LocalCopy localCopyOnceStored;
    private final Duration timeout;
    private final long timeoutNanos;

    /**
     * Creates a query that has not started.
     *
     * @param problem the reason why an argument is invalid, or empty
     * @param localCopyOnceStored what the local store keeps once it has written the record
     */
    QueryStateMachine(
            QueryKind kind,
            Optional<String> problem,
            QueryState state,
            QueryLogic logic,
            PartialResult.LocalCopy localCopyOnceStored,
            long nowNanos,
            Duration timeout) {
        this.kind = kind;
        this.problem = problem;
        this.state = state;
        this.logic = logic;
        this.localCopyOnceStored = localCopyOnceStored;
        state.setFindings(logic::findings);
        this.timeout = timeout;
        this.timeoutNanos = nowNanos + timeout.toNanos();
    }

    /** Returns the ID of this query. */
    public QueryId id() {
        return state.id();
    }

    /** Returns the kind of this query. */
    public QueryKind kind() {
        return kind;
    }

    /** Returns whether this query has ended. */
    public boolean hasEnded() {
        return state.hasEnded();
    }

    /** Starts the query, or fails it if an argument is invalid; called once, first. */
    public void start() {
        problem.ifPresentOrElse(reason -> state.fail(stats -> new KadException.InvalidRequest(reason)), logic::start);
    }

    /** Called when a request of this query waits in the transport for others. Not for one that waits in the queue of its peer: {@link QueryState} sees that itself. */
    public void requestQueued(OutboundRequest request) {
        if (state.isPending(request)) {
            state.requestQueued(request);
        }
    }

    /** Called when a queued request of this query is sent. */
    public void requestDequeued(OutboundRequest request) {
        if (state.isPending(request)) {
            state.requestDequeued(request);
        }
    }

    /** Called when a request of this query has a response, which matches it. */
    public void responseReceived(OutboundRequest request, KadResponse response) {
        if (state.isPending(request)) {
            state.responseReceived(request, response);
            proceed();
        }
    }

    /** Called when a message of this query that has no response was sent. */
    public void messageSent(OutboundRequest request) {
        if (state.isPending(request)) {
            state.messageSent(request);
            proceed();
        }
    }

    /** Called when a request of this query failed. */
    public void requestFailed(OutboundRequest request, TransportFailure failure) {
        if (state.isPending(request)) {
            state.requestFailed(request, failure);
            proceed();
        }
    }

    /** Called when the local store was read. */
    public void recordLoaded(Optional<Record> record) {
        logic.recordLoaded(record);
        proceed();
    }

    /** Called when the local store was read. */
    public void providersLoaded(List<ProviderRecord> providers) {
        logic.providersLoaded(providers);
        proceed();
    }

    /** Called when the local store has written the provider record. */
    public void stored() {
        state.setLocalCopy(localCopyOnceStored);
        logic.stored();
        proceed();
    }

    /** Called when the local store has written a record, or has kept a better one; {@code kept} is what it contains. */
    public void recordSaved(Record kept) {
        state.setLocalCopy(localCopyOnceStored);
        logic.recordSaved(kept);
        proceed();
    }

    /** Called when the local store has merged a record of another peer; {@code stored} is what it contains under the key now. */
    public void recordMerged(Optional<Record> stored) {
        logic.recordMerged(stored);
        proceed();
    }

    /** Called when the local store failed. */
    public void storeFailed(StoreException failure) {
        state.localStoreFailed(failure);
        logic.storeFailed(failure);
        proceed();
    }

    private void proceed() {
        if (!hasEnded()) {
            logic.proceed();
        }
    }

    /** Called when {@code address} does not lead to {@code peer}. */
    public void addressFailed(PeerId peer, Multiaddr address) {
        state.removeAddress(peer, address);
    }

    /** Ends the query with the results so far; a query that stores stops its lookup and stores at the peers found so far. */
    public void finish() {
        logic.finish();
    }

    /** Ends the query without a result, and cancels its requests. */
    public void cancel() {
        state.cancel();
    }

    /** Fails the query, because one of its methods threw {@code fault}, which is a defect; has no effect if the query has ended. */
    public void fail(Throwable fault) {
        if (!hasEnded()) {
            state.fail(stats -> new KadException.InternalFailure("query failed: " + fault, stats, fault));
        }
    }

    /** Called when {@link #nextDeadlineNanos} has passed. */
    public void deadlineReached(long nowNanos) {
        if (nowNanos >= timeoutNanos) {
            timeOut();
        } else {
            logic.proceed();
        }
    }

    private void timeOut() {
        logic.completeAtTimeout();
        if (!hasEnded()) {
            state.fail(stats -> new KadException.QueryTimeout(
                    "query timed out after " + DurationText.of(timeout) + "; " + stats.successes() + " of "
                            + stats.requests() + " requests were answered",
                    logic.succeededPeers(),
                    stats));
        }
    }

    /** Returns the time at which {@link #deadlineReached} must be called; {@link Long#MAX_VALUE} once the query has ended. */
    public long nextDeadlineNanos() {
        return hasEnded() ? Long.MAX_VALUE : Math.min(timeoutNanos, logic.nextDeadlineNanos());
    }
}
