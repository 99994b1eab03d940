package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A query under way, as a state machine: told what happened, it has the next things done by its {@link QueryHost}.
 *
 * <p>It ends exactly once: with an answer, with a failure, which at the latest is that its time is up, or by {@link #cancel}. Then
 * none of its requests is left, and nothing it is told has an effect any more. Confined to one thread at a time.
 */
public final class QueryStateMachine {

    private final QueryKind kind;
    private final QueryState state;
    private final QueryLogic logic;
    private final Duration timeout;
    private final long timeoutNanos;

    QueryStateMachine(QueryKind kind, QueryState state, QueryLogic logic, long nowNanos, Duration timeout) {
        this.kind = kind;
        this.state = state;
        this.logic = logic;
        this.timeout = timeout;
        this.timeoutNanos = nowNanos + timeout.toNanos();
    }

    /** Returns the name of this query. */
    public QueryId id() {
        return state.id();
    }

    /** Returns what this query is for. */
    public QueryKind kind() {
        return kind;
    }

    /** Returns whether this query has ended. */
    public boolean hasEnded() {
        return state.hasEnded();
    }

    /** Begins; called once, first. */
    public void start() {
        logic.start();
    }

    /** Called when a request of this query was answered. */
    public void responseReceived(OutboundRequest request, KadResponse response) {
        state.responseReceived(request, response);
        proceed();
    }

    /** Called when a message of this query that has no response was sent. */
    public void messageSent(OutboundRequest request) {
        state.messageSent(request);
        proceed();
    }

    /** Called when a request of this query failed. */
    public void requestFailed(OutboundRequest request, TransportFailure failure) {
        state.requestFailed(request, failure);
        proceed();
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

    /** Called when the local store has saved what it was given. */
    public void stored() {
        logic.stored();
        proceed();
    }

    /** Called when the local store kept its record, as it is better than the one it was given. */
    public void recordSuperseded() {
        logic.recordSuperseded();
        proceed();
    }

    /** Called when the local store failed. */
    public void storeFailed(StoreException failure) {
        logic.storeFailed(failure);
        proceed();
    }

    private void proceed() {
        if (!hasEnded()) {
            logic.proceed();
        }
    }

    /** Takes that {@code address} does not lead to {@code peer}, or no longer does. */
    public void addressFailed(PeerId peer, Multiaddr address) {
        state.removeAddress(peer, address);
    }

    /** Ends the query with what it has; a query that stores goes on to store. */
    public void finish() {
        logic.finish();
    }

    /** Gives the query up. */
    public void cancel() {
        state.cancel();
    }

    /** Goes on after {@link #nextDeadlineNanos} has passed. */
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
                    "the query did not end within " + timeout.toMillis() + " ms; " + stats.successes() + " of "
                            + stats.requests() + " requests were answered",
                    logic.succeededPeers(),
                    stats));
        }
    }

    /** Returns when {@link #deadlineReached} is to be called; {@link Long#MAX_VALUE} once the query has ended. */
    public long nextDeadlineNanos() {
        return hasEnded() ? Long.MAX_VALUE : Math.min(timeoutNanos, logic.nextDeadlineNanos());
    }
}
