package io.kad.core.engine;

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
import io.kad.core.query.OperationId;
import io.kad.core.query.RequestId;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What the engine wants done. */
public sealed interface EngineAction {

    /** Calls the method of {@code visitor} for this kind of action. */
    void accept(Visitor visitor);

    /** One method for each kind of action. */
    interface Visitor {
        void sendRequest(SendRequest action);

        void cancelRequest(CancelRequest action);

        void dial(Dial action);

        void loadRecord(LoadRecord action);

        void loadProviders(LoadProviders action);

        void loadRecordPage(LoadRecordPage action);

        void loadProviderPage(LoadProviderPage action);

        void saveRecord(SaveRecord action);

        void saveProvider(SaveProvider action);

        void removeExpiredRecords(RemoveExpiredRecords action);

        void removeExpiredProviders(RemoveExpiredProviders action);

        void emitQueryEvent(EmitQueryEvent action);

        void completeQuery(CompleteQuery action);

        void failQuery(FailQuery action);

        void completeAddAddress(CompleteAddAddress action);

        void completeRemove(CompleteRemove action);

        void emitEvent(EmitEvent action);

        void updateRoutingSnapshot(UpdateRoutingSnapshot action);

        void serve(Serve action);

        void announce(Announce action);
    }

    /**
     * Send a request. Answered by exactly one of {@link EngineEvent.ResponseReceived}, {@link EngineEvent.MessageSent} and
     * {@link EngineEvent.RequestFailed}.
     *
     * @param request names the request; never used twice
     */
    record SendRequest(RequestId request, QueryId query, PeerInfo peer, KadRequest message, Duration timeout)
            implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.sendRequest(this);
        }
    }

    /** Give up a request; no outcome of it is needed any more. */
    record CancelRequest(RequestId request) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.cancelRequest(this);
        }
    }

    /** Connect to a peer; success and failure show as transport events. */
    record Dial(PeerInfo peer, Duration timeout) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.dial(this);
        }
    }

    /** Read a record; answered by {@link EngineEvent.RecordLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadRecord(OperationId operation, RecordKey key) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadRecord(this);
        }
    }

    /** Read providers; answered by {@link EngineEvent.ProvidersLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadProviders(OperationId operation, RecordKey key, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadProviders(this);
        }
    }

    /**
     * Read a page of records; answered by {@link EngineEvent.RecordPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param local whether only own records are to be read
     * @param after the cursor of the page before; empty for the first page
     */
    record LoadRecordPage(OperationId operation, boolean local, Optional<Bytes> after, int limit)
            implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadRecordPage(this);
        }
    }

    /**
     * Read a page of own provider records; answered by {@link EngineEvent.ProviderPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param after the cursor of the page before; empty for the first page
     */
    record LoadProviderPage(OperationId operation, Optional<Bytes> after, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadProviderPage(this);
        }
    }

    /** Remove expired records; answered by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredRecords(OperationId operation, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.removeExpiredRecords(this);
        }
    }

    /** Remove expired provider records; answered by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredProviders(OperationId operation, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.removeExpiredProviders(this);
        }
    }

    /**
     * Write a record, unless the validator of its key holds that the one there is better; answered by {@link EngineEvent.Stored}, {@link
     * EngineEvent.RecordSuperseded} or {@link EngineEvent.StoreFailed}.
     */
    record SaveRecord(OperationId operation, Record record) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.saveRecord(this);
        }
    }

    /** Write a provider record; answered by {@link EngineEvent.Stored} or {@link EngineEvent.StoreFailed}. */
    record SaveProvider(OperationId operation, ProviderRecord record) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.saveProvider(this);
        }
    }

    /**
     * Tell the user of a step of a query.
     *
     * @param stats what the query has cost by then
     */
    record EmitQueryEvent(QueryEvent event, QueryStats stats) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.emitQueryEvent(this);
        }
    }

    /**
     * Complete a query, whose {@link QueryEvent.Finished} was reported just before.
     *
     * @param result the record of {@code io.kad.api.result} for the kind of query
     */
    record CompleteQuery(QueryId query, java.lang.Record result) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeQuery(this);
        }
    }

    /** Fail a query, whose {@link QueryEvent.Finished} was reported just before, if it had begun. */
    record FailQuery(QueryId query, KadException failure) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.failQuery(this);
        }
    }

    /** Answer {@link EngineEvent.AddAddress}. */
    record CompleteAddAddress(CommandId command, RoutingUpdate update) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeAddAddress(this);
        }
    }

    /** Answer {@link EngineEvent.RemoveAddress} or {@link EngineEvent.RemovePeer}. */
    record CompleteRemove(CommandId command, boolean removed) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeRemove(this);
        }
    }

    /** Tell the user of a change. */
    record EmitEvent(DhtEvent event) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.emitEvent(this);
        }
    }

    /** Let readers outside the engine see this routing table. */
    record UpdateRoutingSnapshot(RoutingSnapshot snapshot) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.updateRoutingSnapshot(this);
        }
    }

    /** Serve other peers, or cease to. */
    record Serve(boolean enabled) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.serve(this);
        }
    }

    /** Advertise these addresses beside those of the listeners. */
    record Announce(Set<Multiaddr> addresses) implements EngineAction {
        public Announce {
            addresses = Set.copyOf(addresses);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.announce(this);
        }
    }
}
