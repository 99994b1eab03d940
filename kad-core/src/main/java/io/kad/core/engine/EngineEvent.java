package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.Mode;
import io.kad.api.QueryId;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Event for the engine: a command of the user, the result of an action, or a change of the transport.
 *
 * <p>A result carries the ID of its action: the {@link RequestId} of {@link EngineAction.SendRequest}, or the {@link StoreOperationId} of a
 * store action. A command that has a result carries a {@link CommandId}, which the completing action repeats.
 */
public sealed interface EngineEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    void accept(Visitor visitor);

    /** One method for each kind of event. */
    interface Visitor {
        void startQuery(StartQuery event);

        void finishQuery(FinishQuery event);

        void cancelQuery(CancelQuery event);

        void requestQueued(RequestQueued event);

        void requestDequeued(RequestDequeued event);

        void responseReceived(ResponseReceived event);

        void messageSent(MessageSent event);

        void requestFailed(RequestFailed event);

        void recordLoaded(RecordLoaded event);

        void providersLoaded(ProvidersLoaded event);

        void recordPageLoaded(RecordPageLoaded event);

        void providerPageLoaded(ProviderPageLoaded event);

        void recordsReceived(RecordsReceived event);

        void providerSaved(ProviderSaved event);

        void recordSaved(RecordSaved event);

        void recordMerged(RecordMerged event);

        void expiredRemoved(ExpiredRemoved event);

        void storeFailed(StoreFailed event);

        void bootstrapPeersAdded(BootstrapPeersAdded event);

        void peerSnapshotLoaded(PeerSnapshotLoaded event);

        void addAddress(AddAddress event);

        void removeAddress(RemoveAddress event);

        void removePeer(RemovePeer event);

        void setMode(SetMode event);

        void setExternalAddresses(SetExternalAddresses event);

        void transportReported(TransportReported event);

        void deadlineReached(DeadlineReached event);
    }

    /** The user starts a query; its ID must not have been used before. */
    record StartQuery(QueryId queryId, QuerySpec spec) implements EngineEvent {
        public StartQuery {
            requireNonNull(queryId, "queryId");
            requireNonNull(spec, "spec");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.startQuery(this);
        }
    }

    /** The user ends a query with the results so far. */
    record FinishQuery(QueryId queryId) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.finishQuery(this);
        }
    }

    /** The user cancels a query. */
    record CancelQuery(QueryId queryId) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.cancelQuery(this);
        }
    }

    /** A request waits in the transport for others of the local peer. */
    record RequestQueued(RequestId requestId) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.requestQueued(this);
        }
    }

    /** A queued request is sent. */
    record RequestDequeued(RequestId requestId) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.requestDequeued(this);
        }
    }

    /** A request has completed, in one of three ways. */
    sealed interface RequestCompleted extends EngineEvent {

        /** Returns the ID of the request. */
        RequestId requestId();
    }

    /** A request has a response. */
    record ResponseReceived(RequestId requestId, KadResponse response) implements RequestCompleted {
        public ResponseReceived {
            requireNonNull(response, "response");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.responseReceived(this);
        }
    }

    /** A message that has no response was written and accepted. */
    record MessageSent(RequestId requestId) implements RequestCompleted {
        @Override
        public void accept(Visitor visitor) {
            visitor.messageSent(this);
        }
    }

    /** A request failed. */
    record RequestFailed(RequestId requestId, TransportFailure failure) implements RequestCompleted {
        public RequestFailed {
            requireNonNull(failure, "failure");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.requestFailed(this);
        }
    }

    /** The local record store was read. */
    record RecordLoaded(StoreOperationId operationId, Optional<Record> record) implements EngineEvent {
        public RecordLoaded {
            requireNonNull(record, "record");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordLoaded(this);
        }
    }

    /** The local provider store was read. */
    record ProvidersLoaded(StoreOperationId operationId, List<ProviderRecord> providers) implements EngineEvent {
        public ProvidersLoaded {
            providers = List.copyOf(providers);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.providersLoaded(this);
        }
    }

    /** The local store has written a provider record. */
    record ProviderSaved(StoreOperationId operationId) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.providerSaved(this);
        }
    }

    /** A page of the local record store was read. */
    record RecordPageLoaded(StoreOperationId operationId, Page<Record> page) implements EngineEvent {
        public RecordPageLoaded {
            requireNonNull(page, "page");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordPageLoaded(this);
        }
    }

    /** A page of the local provider store was read. */
    record ProviderPageLoaded(StoreOperationId operationId, Page<ProviderRecord> page) implements EngineEvent {
        public ProviderPageLoaded {
            requireNonNull(page, "page");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.providerPageLoaded(this);
        }
    }

    /** Remote peers have stored records in the local store, whose Kademlia keys are {@code keys}. */
    record RecordsReceived(List<KadKey> keys) implements EngineEvent {
        public RecordsReceived {
            keys = List.copyOf(keys);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordsReceived(this);
        }
    }

    /** The local record store has written a record, or has kept a better one; {@code kept} is what it contains. */
    record RecordSaved(StoreOperationId operationId, Record kept) implements EngineEvent {
        public RecordSaved {
            requireNonNull(kept, "kept");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordSaved(this);
        }
    }

    /** The local record store has merged a record of another peer; {@code stored} is what it contains under the key now. */
    record RecordMerged(StoreOperationId operationId, Optional<Record> stored) implements EngineEvent {
        public RecordMerged {
            requireNonNull(stored, "stored");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordMerged(this);
        }
    }

    /** The local store has removed {@code count} expired records. */
    record ExpiredRemoved(StoreOperationId operationId, int count) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.expiredRemoved(this);
        }
    }

    /** The local store failed or rejected the operation. */
    record StoreFailed(StoreOperationId operationId, StoreException failure) implements EngineEvent {
        public StoreFailed {
            requireNonNull(failure, "failure");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.storeFailed(this);
        }
    }

    /** The user has set these bootstrap peers; they are inserted as disconnected. */
    record BootstrapPeersAdded(List<PeerInfo> peers) implements EngineEvent {
        public BootstrapPeersAdded {
            peers = List.copyOf(peers);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.bootstrapPeersAdded(this);
        }
    }

    /** A peer snapshot was loaded; its peers are inserted as disconnected. */
    record PeerSnapshotLoaded(List<PeerInfo> peers) implements EngineEvent {
        public PeerSnapshotLoaded {
            peers = List.copyOf(peers);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.peerSnapshotLoaded(this);
        }
    }

    /** The user adds an address; completed by {@link EngineAction.CompleteAddAddress}. */
    record AddAddress(CommandId commandId, PeerId peer, Multiaddr address) implements EngineEvent {
        public AddAddress {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.addAddress(this);
        }
    }

    /** The user removes an address; completed by {@link EngineAction.CompleteRemove}. */
    record RemoveAddress(CommandId commandId, PeerId peer, Multiaddr address) implements EngineEvent {
        public RemoveAddress {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.removeAddress(this);
        }
    }

    /** The user removes a peer; completed by {@link EngineAction.CompleteRemove}. */
    record RemovePeer(CommandId commandId, PeerId peer) implements EngineEvent {
        public RemovePeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.removePeer(this);
        }
    }

    /** The user makes a change that the transport has to make too; the command fails if the transport cannot make it. */
    sealed interface TransportChangeCommand extends EngineEvent {}

    /** The user sets the mode. */
    record SetMode(Mode mode) implements TransportChangeCommand {
        public SetMode {
            requireNonNull(mode, "mode");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.setMode(this);
        }
    }

    /** The user sets the external addresses. */
    record SetExternalAddresses(Set<Multiaddr> addresses) implements TransportChangeCommand {
        public SetExternalAddresses {
            addresses = Set.copyOf(addresses);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.setExternalAddresses(this);
        }
    }

    /** The transport has emitted an event. */
    record TransportReported(TransportEvent event) implements EngineEvent {
        public TransportReported {
            requireNonNull(event, "event");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.transportReported(this);
        }
    }

    /** The timer has fired: the engine advances without another event, as a deadline has passed. */
    record DeadlineReached() implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.deadlineReached(this);
        }
    }
}
