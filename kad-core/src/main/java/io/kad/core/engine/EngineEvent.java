package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.Mode;
import io.kad.api.QueryId;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.OperationId;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine is told.
 *
 * <p>Outcomes carry the number of the action that asked for them: a request number of {@link EngineAction.SendRequest}, or an
 * operation number of a store action. A command carries a number of its own, which its answer repeats.
 */
public sealed interface EngineEvent {

    /** Calls the method of {@code visitor} for this kind of event. */
    void accept(Visitor visitor);

    /** One method for each kind of event. */
    interface Visitor {
        void startQuery(StartQuery event);

        void finishQuery(FinishQuery event);

        void cancelQuery(CancelQuery event);

        void responseReceived(ResponseReceived event);

        void messageSent(MessageSent event);

        void requestFailed(RequestFailed event);

        void recordLoaded(RecordLoaded event);

        void providersLoaded(ProvidersLoaded event);

        void recordPageLoaded(RecordPageLoaded event);

        void providerPageLoaded(ProviderPageLoaded event);

        void recordReceived(RecordReceived event);

        void stored(Stored event);

        void recordSuperseded(RecordSuperseded event);

        void expiredRemoved(ExpiredRemoved event);

        void storeFailed(StoreFailed event);

        void peerSnapshotLoaded(PeerSnapshotLoaded event);

        void addAddress(AddAddress event);

        void removeAddress(RemoveAddress event);

        void removePeer(RemovePeer event);

        void setMode(SetMode event);

        void setExternalAddresses(SetExternalAddresses event);

        void transportReported(TransportReported event);

        void deadlineReached(DeadlineReached event);
    }

    /** Start a query under a number that was never used. */
    record StartQuery(QueryId query, QuerySpec spec) implements EngineEvent {
        public StartQuery {
            requireNonNull(query, "query");
            requireNonNull(spec, "spec");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.startQuery(this);
        }
    }

    /** End a query with what it has. */
    record FinishQuery(QueryId query) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.finishQuery(this);
        }
    }

    /** Give a query up. */
    record CancelQuery(QueryId query) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.cancelQuery(this);
        }
    }

    /** A request that has completed, in one of three ways. */
    sealed interface RequestCompleted extends EngineEvent {

        /** Returns the ID of the request. */
        RequestId request();
    }

    /** A request was answered; the response is of the kind asked for. */
    record ResponseReceived(RequestId request, KadResponse response) implements RequestCompleted {
        public ResponseReceived {
            requireNonNull(response, "response");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.responseReceived(this);
        }
    }

    /** A message without an answer was written and accepted. */
    record MessageSent(RequestId request) implements RequestCompleted {
        @Override
        public void accept(Visitor visitor) {
            visitor.messageSent(this);
        }
    }

    /** A request failed. */
    record RequestFailed(RequestId request, TransportFailure failure) implements RequestCompleted {
        public RequestFailed {
            requireNonNull(failure, "failure");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.requestFailed(this);
        }
    }

    /** The own record store answered. */
    record RecordLoaded(OperationId operation, Optional<Record> record) implements EngineEvent {
        public RecordLoaded {
            requireNonNull(record, "record");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordLoaded(this);
        }
    }

    /** The own provider store answered. */
    record ProvidersLoaded(OperationId operation, List<ProviderRecord> providers) implements EngineEvent {
        public ProvidersLoaded {
            providers = List.copyOf(providers);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.providersLoaded(this);
        }
    }

    /** The own store holds what it was to save. */
    record Stored(OperationId operation) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.stored(this);
        }
    }

    /** The own record store read a page. */
    record RecordPageLoaded(OperationId operation, Page<Record> page) implements EngineEvent {
        public RecordPageLoaded {
            requireNonNull(page, "page");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordPageLoaded(this);
        }
    }

    /** The own provider store read a page. */
    record ProviderPageLoaded(OperationId operation, Page<ProviderRecord> page) implements EngineEvent {
        public ProviderPageLoaded {
            requireNonNull(page, "page");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.providerPageLoaded(this);
        }
    }

    /** Another peer stored a record under {@code key} here. */
    record RecordReceived(RecordKey key) implements EngineEvent {
        public RecordReceived {
            requireNonNull(key, "key");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.recordReceived(this);
        }
    }

    /** The own store holds a better record than the one it was to save. */
    record RecordSuperseded(OperationId operation) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.recordSuperseded(this);
        }
    }

    /** The own store has removed as many expired records. */
    record ExpiredRemoved(OperationId operation, int count) implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.expiredRemoved(this);
        }
    }

    /** The own store refused or failed. */
    record StoreFailed(OperationId operation, StoreException failure) implements EngineEvent {
        public StoreFailed {
            requireNonNull(failure, "failure");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.storeFailed(this);
        }
    }

    /** Peers that were known before this one began are to be in the routing table, as disconnected ones. */
    record PeerSnapshotLoaded(List<PeerInfo> peers) implements EngineEvent {
        public PeerSnapshotLoaded {
            peers = List.copyOf(peers);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.peerSnapshotLoaded(this);
        }
    }

    /** The user adds an address; answered by {@link EngineAction.CompleteAddAddress}. */
    record AddAddress(CommandId command, PeerId peer, Multiaddr address) implements EngineEvent {
        public AddAddress {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.addAddress(this);
        }
    }

    /** The user removes an address; answered by {@link EngineAction.CompleteRemove}. */
    record RemoveAddress(CommandId command, PeerId peer, Multiaddr address) implements EngineEvent {
        public RemoveAddress {
            requireNonNull(peer, "peer");
            requireNonNull(address, "address");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.removeAddress(this);
        }
    }

    /** The user removes a peer; answered by {@link EngineAction.CompleteRemove}. */
    record RemovePeer(CommandId command, PeerId peer) implements EngineEvent {
        public RemovePeer {
            requireNonNull(peer, "peer");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.removePeer(this);
        }
    }

    /** The user fixes the mode or sets it to automatic. */
    record SetMode(Mode mode) implements EngineEvent {
        public SetMode {
            requireNonNull(mode, "mode");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.setMode(this);
        }
    }

    /** The confirmed external addresses are now these. */
    record SetExternalAddresses(Set<Multiaddr> addresses) implements EngineEvent {
        public SetExternalAddresses {
            addresses = Set.copyOf(addresses);
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.setExternalAddresses(this);
        }
    }

    /** Something happened to the transport. */
    record TransportReported(TransportEvent event) implements EngineEvent {
        public TransportReported {
            requireNonNull(event, "event");
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.transportReported(this);
        }
    }

    /** Nothing happened but the passing of time. */
    record DeadlineReached() implements EngineEvent {
        @Override
        public void accept(Visitor visitor) {
            visitor.deadlineReached(this);
        }
    }
}
