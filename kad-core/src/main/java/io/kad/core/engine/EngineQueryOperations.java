package io.kad.core.engine;

import io.kad.api.QueryId;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.QueryOperations;
import io.kad.core.query.QuerySpec;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** View of the engine for its queries: turns their calls into actions. */
final class EngineQueryOperations implements QueryOperations {

    private final AdvanceContext advance;
    private final OutstandingCalls outstanding;
    private final RoutingTableMaintenance routing;
    private final LocalAddresses addresses;
    private final RequestTracker tracker;
    private final DuplicateIdentities duplicates;
    private final RequestPacer pacer = new RequestPacer(this::send);
    private final Deque<OutboundRequest> resumed = new ArrayDeque<>();
    private final Deque<QuerySpec.PutRecordTo> corrections = new ArrayDeque<>();

    EngineQueryOperations(
            AdvanceContext advance,
            OutstandingCalls outstanding,
            RoutingTableMaintenance routing,
            LocalAddresses addresses,
            RequestTracker tracker,
            DuplicateIdentities duplicates) {
        this.advance = advance;
        this.outstanding = outstanding;
        this.routing = routing;
        this.addresses = addresses;
        this.tracker = tracker;
        this.duplicates = duplicates;
    }

    @Override
    public long nanos() {
        return advance.nanos();
    }

    @Override
    public Instant wall() {
        return advance.wall();
    }

    @Override
    public RoutingSnapshot routingTable() {
        return routing.snapshot();
    }

    @Override
    public List<Integer> refreshableBuckets() {
        return routing.refreshableBuckets();
    }

    @Override
    public Optional<PeerInfo> connectedPeer(PeerId peer) {
        return routing.connected(peer);
    }

    @Override
    public Optional<String> otherProtocol() {
        return routing.otherProtocol();
    }

    @Override
    public List<Multiaddr> localAddresses() {
        return addresses.all();
    }

    @Override
    public OutboundRequest sendRequest(
            QueryId query, PeerInfo peer, KadRequest message, int hop, Predicate<Multiaddr> dials) {
        OutboundRequest request = new OutboundRequest(
                outstanding.nextRequestId(),
                query,
                peer,
                message,
                hop,
                dials,
                advance.nanos(),
                routing.isConnected(peer.id()),
                routing.requestTimeout(peer.id()));
        outstanding.registerRequest(request);
        pacer.send(request);
        return request;
    }

    private void send(OutboundRequest request) {
        if (request.isDelayed()) {
            resumed.add(request);
        }
        request.onSent(advance.nanos(), routing.isConnected(request.peer()), routing.requestTimeout(request.peer()));
        tracker.track(request);
        advance.emit(new EngineAction.SendRequest(
                request.id(),
                request.query(),
                request.peerInfo(),
                request.message(),
                request.timeout(),
                request.dials()));
    }

    /**
     * Sends a request again that failed because it waited too long in the transport for others on its connection; returns whether it did. So it
     * waits for its turn until its query ends. A transport that refuses a request at once is not asked again, nor is one that cannot dial.
     */
    boolean sendAgainIfNeverSent(OutboundRequest request, TransportFailure failure) {
        long waited = advance.nanos() - request.sentNanos();
        boolean hasWaited = request.isDelayed()
                && routing.isConnected(request.peer())
                && failure.kind() == TransportFailure.Kind.OVERLOADED
                && waited >= request.timeout().toNanos() / 2;
        if (hasWaited) {
            send(request);
        }
        return hasWaited;
    }

    /** Called when a request waits in the transport. */
    void onDelayed(OutboundRequest request) {
        if (outstanding.isKeptToMeasure(request)) {
            cancelRequest(request); // there is nothing to measure of a request that is not sent
            return;
        }
        tracker.stopTracking(request);
        request.onDelayed();
    }

    /** Called when the transport sends a request that was delayed. */
    void onResumed(OutboundRequest request) {
        request.onResumed(advance.nanos(), routing.isConnected(request.peer()));
        tracker.track(request);
    }

    /** Removes and returns a request that the pacer has sent, of which its query does not know yet; empty if there is none. */
    Optional<OutboundRequest> nextResumed() {
        return Optional.ofNullable(resumed.poll());
    }

    /** Called when a request has a result. */
    void requestCompleted(OutboundRequest request) {
        pacer.remove(request);
    }

    @Override
    public void cancelRequest(OutboundRequest request) {
        if (outstanding.removeRequest(request.id()) != null) {
            tracker.stopTracking(request);
            boolean waiting = pacer.isWaiting(request);
            pacer.remove(request);
            if (!waiting) {
                advance.emit(new EngineAction.CancelRequest(request.id()));
            }
        }
    }

    /**
     * Lets a read run on until its extended max wait. If late requests were not measured, the wait times would be too short for slow peers.
     * If that has passed, or there is none as little is measured, a read from a connected peer runs on until its request timeout: otherwise
     * the wait times could not grow when all RTTs do. Any other request is cancelled, since a dial would occupy a slot.
     */
    @Override
    public void abandonRequest(OutboundRequest request) {
        if (!request.isDelayed() && request.isRead() && (request.wasConnected() || tracker.hasMaxWaitAhead(request))) {
            pacer.remove(request);
            outstanding.keepToMeasure(request).ifPresent(this::cancelRequest);
        } else {
            cancelRequest(request);
        }
    }

    /** Called when a request has passed its extended max wait. */
    void onExtendedMaxWaitPassed(OutboundRequest request) {
        if (outstanding.isKeptToMeasure(request)) {
            cancelRequest(request);
        }
    }

    @Override
    public void loadRecord(QueryId query, RecordKey key) {
        advance.emit(new EngineAction.LoadRecord(outstanding.registerStoreOperation(query), key));
    }

    @Override
    public void loadProviders(QueryId query, RecordKey key, int limit) {
        advance.emit(new EngineAction.LoadProviders(outstanding.registerStoreOperation(query), key, limit));
    }

    @Override
    public void saveRecord(QueryId query, Record record) {
        advance.emit(new EngineAction.SaveRecord(outstanding.registerStoreOperation(query), record));
    }

    @Override
    public void mergeRecord(QueryId query, Record record, PeerId holder) {
        advance.emit(new EngineAction.MergeRecord(outstanding.registerStoreOperation(query), record, holder));
    }

    @Override
    public void saveProvider(QueryId query, ProviderRecord record) {
        advance.emit(new EngineAction.SaveProvider(outstanding.registerStoreOperation(query), record));
    }

    @Override
    public void selfReturned(List<Multiaddr> returned) {
        duplicates.addressesReturned(returned);
    }

    /** Starts no query yet, as this is called inside a call to another one. */
    @Override
    public void correctRecord(Record best, List<PeerInfo> peers) {
        corrections.add(new QuerySpec.PutRecordTo(best, peers, Quorum.one()));
    }

    /** Removes and returns a record correction that is to be started; empty if none is waiting. */
    Optional<QuerySpec.PutRecordTo> nextCorrection() {
        return Optional.ofNullable(corrections.poll());
    }
}
