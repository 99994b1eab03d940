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
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.result.QueryResult;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Action that the engine has decided on, for the driver to execute. Only the engine creates them. */
public sealed interface EngineAction {

    /** Calls the method of {@code visitor} for this kind of action. */
    void accept(Visitor visitor);

    /**
     * Change of the state that users can read. The driver executes all changes of an advance before its other actions, because a future or
     * an event must come after its effect can be seen.
     */
    sealed interface StateChange extends EngineAction {}

    /** Change of the transport, whose failure is that of the command which asked for it. */
    sealed interface TransportChange extends StateChange {}

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

        void mergeRecord(MergeRecord action);

        void saveProvider(SaveProvider action);

        void removeExpiredRecords(RemoveExpiredRecords action);

        void removeExpiredProviders(RemoveExpiredProviders action);

        void emitQueryEvent(EmitQueryEvent action);

        void completeQuery(CompleteQuery action);

        void failQuery(FailQuery action);

        void completeAddAddress(CompleteAddAddress action);

        void completeRemove(CompleteRemove action);

        void emitDhtEvent(EmitDhtEvent action);

        void reportBackgroundEvent(ReportBackgroundEvent action);

        void updateRoutingSnapshot(UpdateRoutingSnapshot action);

        void serve(Serve action);

        void announce(Announce action);

        void logFault(LogFault action);
    }

    /**
     * Send a request. Exactly one {@link EngineEvent.RequestCompleted} follows, unless it is cancelled.
     *
     * @param requestId identifies the request; never used twice
     * @param timeout of dialling and the request together
     * @param dialPermit tells whether an address may be dialled for it; asked from any thread
     */
    record SendRequest(
            RequestId requestId,
            QueryId queryId,
            PeerInfo peer,
            KadRequest message,
            Duration timeout,
            Predicate<Multiaddr> dialPermit)
            implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.sendRequest(this);
        }
    }

    /** Cancel a request; its result is no longer needed. */
    record CancelRequest(RequestId requestId) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.cancelRequest(this);
        }
    }

    /** Connect to a peer; success and failure follow as transport events. */
    record Dial(PeerInfo peer, Duration timeout) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.dial(this);
        }
    }

    /** Read a record from the local store; followed by {@link EngineEvent.RecordLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadRecord(StoreOperationId operationId, RecordKey key) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadRecord(this);
        }
    }

    /** Read providers from the local store; followed by {@link EngineEvent.ProvidersLoaded} or {@link EngineEvent.StoreFailed}. */
    record LoadProviders(StoreOperationId operationId, RecordKey key, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadProviders(this);
        }
    }

    /**
     * Read a page of the local records; followed by {@link EngineEvent.RecordPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param local whether to read only locally published records
     * @param after the cursor in the previous page; empty for the first page
     */
    record LoadRecordPage(StoreOperationId operationId, boolean local, Optional<Bytes> after, int limit)
            implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadRecordPage(this);
        }
    }

    /**
     * Read a page of the provider records of the local peer; followed by {@link EngineEvent.ProviderPageLoaded} or {@link EngineEvent.StoreFailed}.
     *
     * @param after the cursor in the previous page; empty for the first page
     */
    record LoadProviderPage(StoreOperationId operationId, Optional<Bytes> after, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.loadProviderPage(this);
        }
    }

    /** Remove expired records; followed by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredRecords(StoreOperationId operationId, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.removeExpiredRecords(this);
        }
    }

    /** Remove expired provider records; followed by {@link EngineEvent.ExpiredRemoved} or {@link EngineEvent.StoreFailed}. */
    record RemoveExpiredProviders(StoreOperationId operationId, int limit) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.removeExpiredProviders(this);
        }
    }

    /**
     * Write a record of the local peer to the local store, as published now, unless its validator selects the stored one; followed by {@link
     * EngineEvent.RecordSaved} or {@link EngineEvent.StoreFailed}.
     */
    record SaveRecord(StoreOperationId operationId, Record record) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.saveRecord(this);
        }
    }

    /**
     * Write a record that {@code holder} has to the local store, unless the stored one is better; followed by {@link EngineEvent.RecordMerged}
     * or {@link EngineEvent.StoreFailed}.
     *
     * @param loser the record that lost to it, whose copy is removed if the other may not be stored; empty if nothing is to be removed
     */
    record MergeRecord(StoreOperationId operationId, Record record, PeerId holder, Optional<Record> loser)
            implements EngineAction {
        public MergeRecord {
            requireNonNull(record, "record");
            requireNonNull(holder, "holder");
            requireNonNull(loser, "loser");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.mergeRecord(this);
        }
    }

    /** Write a provider record to the local store; followed by {@link EngineEvent.ProviderSaved} or {@link EngineEvent.StoreFailed}. */
    record SaveProvider(StoreOperationId operationId, ProviderRecord record) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.saveProvider(this);
        }
    }

    /**
     * Emit an event of a query to its user.
     *
     * @param stats the statistics of the query so far
     */
    record EmitQueryEvent(QueryEvent event, QueryStats stats) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.emitQueryEvent(this);
        }
    }

    /**
     * Complete a query; its {@link QueryEvent.Ended} was emitted just before.
     *
     * @param result the result for the kind of query
     */
    record CompleteQuery(QueryId queryId, QueryResult result) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeQuery(this);
        }
    }

    /** Fail a query; its {@link QueryEvent.Ended} was emitted just before. */
    record FailQuery(QueryId queryId, KadException failure) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.failQuery(this);
        }
    }

    /** Complete {@link EngineEvent.AddAddress}. */
    record CompleteAddAddress(CommandId commandId, RoutingUpdate update) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeAddAddress(this);
        }
    }

    /**
     * Complete {@link EngineEvent.RemoveAddress} or {@link EngineEvent.RemovePeer}.
     *
     * @param removed whether there was something to remove
     */
    record CompleteRemove(CommandId commandId, boolean removed) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.completeRemove(this);
        }
    }

    /** Emit an event of the peer to its users. */
    record EmitDhtEvent(DhtEvent event) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.emitDhtEvent(this);
        }
    }

    /** Report a step of the background work to those who measure the peer. */
    record ReportBackgroundEvent(BackgroundEvent event) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.reportBackgroundEvent(this);
        }
    }

    /** Make this routing table visible outside the engine. */
    record UpdateRoutingSnapshot(RoutingSnapshot snapshot) implements StateChange {
        @Override
        public void accept(Visitor visitor) {
            visitor.updateRoutingSnapshot(this);
        }
    }

    /** Start or stop to serve other peers. */
    record Serve(boolean enabled) implements TransportChange {
        @Override
        public void accept(Visitor visitor) {
            visitor.serve(this);
        }
    }

    /** Announce these addresses in addition to those of the listeners. */
    record Announce(Set<Multiaddr> addresses) implements TransportChange {
        public Announce {
            addresses = Set.copyOf(addresses);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.announce(this);
        }
    }

    /**
     * Log that a part of the engine threw {@code fault}, which is a defect. The other parts go on.
     *
     * @param part the part; from a fixed set
     */
    record LogFault(String part, Throwable fault) implements EngineAction {
        @Override
        public void accept(Visitor visitor) {
            visitor.logFault(this);
        }
    }
}
