package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.RoutingUpdate;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the engine wants done. */
public sealed interface EngineAction {

    /** Calls the method of {@code visitor} for this kind of action. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each kind of action. */
    interface Visitor<R> {
        R sendRequest(SendRequest action);

        R cancelRequest(CancelRequest action);

        R dial(Dial action);

        R loadRecord(LoadRecord action);

        R loadProviders(LoadProviders action);

        R loadRecordPage(LoadRecordPage action);

        R loadProviderPage(LoadProviderPage action);

        R saveRecord(SaveRecord action);

        R saveProvider(SaveProvider action);

        R removeExpiredRecords(RemoveExpiredRecords action);

        R removeExpiredProviders(RemoveExpiredProviders action);

        R emitQueryEvent(EmitQueryEvent action);

        R completeQuery(CompleteQuery action);

        R failQuery(FailQuery action);

        R completeAddAddress(CompleteAddAddress action);

        R completeRemove(CompleteRemove action);

        R emitEvent(EmitEvent action);

        R updateRoutingSnapshot(UpdateRoutingSnapshot action);

        R serve(Serve action);

        R announce(Announce action);
    }

    /**
     * Send a request. Answered by exactly one of {@link EngineEvent.ResponseReceived}, {@link EngineEvent.MessageSent} and
     * {@link EngineEvent.RequestFailed}.
     *
     * @param request names the request; never used twice
     */
    record SendRequest(long request, QueryId query, PeerInfo peer, KadRequest message, Duration timeout)
            implements EngineAction {
        public SendRequest {
            requireNonNull(query, "query");
            requireNonNull(peer, "peer");
            requireNonNull(message, "message");
            requireNonNull(timeout, "timeout");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sendRequest(this);
        }
    }

    /** Give up a request; no outcome of it is needed any more. */
    record CancelRequest(long request) implements EngineAction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.cancelRequest(this);
        }
    }

    /** Connect to a peer; success and failure show as transport events. */
    record Dial(PeerInfo peer, Duration timeout) implements EngineAction {
        public Dial {
            requireNonNull(peer, "peer");
            requireNonNull(timeout, "timeout");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dial(this);
        }
    }

    /** Read a record; answered by {@link EngineEvent.RecordLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadRecord(long operation, RecordKey key) implements EngineAction {
        public LoadRecord {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.loadRecord(this);
        }
    }

    /** Read providers; answered by {@link EngineEvent.ProvidersLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadProviders(long operation, RecordKey key, int limit) implements EngineAction {
        public LoadProviders {
            requireNonNull(key, "key");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.loadProviders(this);
        }
    }

    /**
     * Read a page of records; answered by {@link EngineEvent.RecordPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param own whether only own records are to be read
     * @param after the cursor of the page before; empty for the first page
     */
    record LoadRecordPage(long operation, boolean own, Optional<Bytes> after, int limit) implements EngineAction {
        public LoadRecordPage {
            requireNonNull(after, "after");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.loadRecordPage(this);
        }
    }

    /**
     * Read a page of own provider records; answered by {@link EngineEvent.ProviderPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param after the cursor of the page before; empty for the first page
     */
    record LoadProviderPage(long operation, Optional<Bytes> after, int limit) implements EngineAction {
        public LoadProviderPage {
            requireNonNull(after, "after");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.loadProviderPage(this);
        }
    }

    /** Remove expired records; answered by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredRecords(long operation, int limit) implements EngineAction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.removeExpiredRecords(this);
        }
    }

    /** Remove expired provider records; answered by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredProviders(long operation, int limit) implements EngineAction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.removeExpiredProviders(this);
        }
    }

    /**
     * Write a record, unless the validator of its key holds that the one there is better; answered by {@link EngineEvent.Stored}, {@link
     * EngineEvent.RecordSuperseded} or {@link EngineEvent.StoreFailed}.
     */
    record SaveRecord(long operation, Record record) implements EngineAction {
        public SaveRecord {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.saveRecord(this);
        }
    }

    /** Write a provider record; answered by {@link EngineEvent.Stored} or {@link EngineEvent.StoreFailed}. */
    record SaveProvider(long operation, ProviderRecord record) implements EngineAction {
        public SaveProvider {
            requireNonNull(record, "record");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.saveProvider(this);
        }
    }

    /**
     * Tell the user of a step of a query.
     *
     * @param stats what the query has cost by then
     */
    record EmitQueryEvent(QueryEvent event, QueryStats stats) implements EngineAction {
        public EmitQueryEvent {
            requireNonNull(event, "event");
            requireNonNull(stats, "stats");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.emitQueryEvent(this);
        }
    }

    /**
     * Complete a query, whose {@link QueryEvent.Finished} was reported just before.
     *
     * @param result the record of {@code io.kad.api.result} for the kind of query
     */
    record CompleteQuery(QueryId query, java.lang.Record result) implements EngineAction {
        public CompleteQuery {
            requireNonNull(query, "query");
            requireNonNull(result, "result");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.completeQuery(this);
        }
    }

    /** Fail a query, whose {@link QueryEvent.Finished} was reported just before, if it had begun. */
    record FailQuery(QueryId query, KadException failure) implements EngineAction {
        public FailQuery {
            requireNonNull(query, "query");
            requireNonNull(failure, "failure");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.failQuery(this);
        }
    }

    /** Answer {@link EngineEvent.AddAddress}. */
    record CompleteAddAddress(long command, RoutingUpdate update) implements EngineAction {
        public CompleteAddAddress {
            requireNonNull(update, "update");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.completeAddAddress(this);
        }
    }

    /** Answer {@link EngineEvent.RemoveAddress} or {@link EngineEvent.RemovePeer}. */
    record CompleteRemove(long command, boolean wasThere) implements EngineAction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.completeRemove(this);
        }
    }

    /** Tell the user of a change. */
    record EmitEvent(DhtEvent event) implements EngineAction {
        public EmitEvent {
            requireNonNull(event, "event");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.emitEvent(this);
        }
    }

    /** Let readers outside the engine see this routing table. */
    record UpdateRoutingSnapshot(RoutingSnapshot snapshot) implements EngineAction {
        public UpdateRoutingSnapshot {
            requireNonNull(snapshot, "snapshot");
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.updateRoutingSnapshot(this);
        }
    }

    /** Serve other peers, or cease to. */
    record Serve(boolean enabled) implements EngineAction {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.serve(this);
        }
    }

    /** Advertise these addresses beside those of the listeners. */
    record Announce(Set<Multiaddr> addresses) implements EngineAction {
        public Announce {
            addresses = Set.copyOf(addresses);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.announce(this);
        }
    }
}
