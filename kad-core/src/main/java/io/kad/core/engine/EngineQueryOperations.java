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
import io.kad.core.query.RequestId;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** View of the engine for its queries: turns their calls into actions. */
final class EngineQueryOperations implements QueryOperations {

    private final AdvanceContext context;
    private final OutstandingCalls outstanding;
    private final RoutingTableMaintenance routing;
    private final LocalAddresses addresses;
    private final ResponseTimesTracker tracker;
    private final DuplicateIdentities duplicates;
    private final PeerRequestQueues queues = new PeerRequestQueues(this::emitSendRequest);
    private final Deque<OutboundRequest> handedOverFromQueue = new ArrayDeque<>();
    private final Deque<QuerySpec.PutRecordTo> corrections = new ArrayDeque<>();

    EngineQueryOperations(
            AdvanceContext context,
            OutstandingCalls outstanding,
            RoutingTableMaintenance routing,
            LocalAddresses addresses,
            ResponseTimesTracker tracker,
            DuplicateIdentities duplicates) {
        this.context = context;
        this.outstanding = outstanding;
        this.routing = routing;
        this.addresses = addresses;
        this.tracker = tracker;
        this.duplicates = duplicates;
    }

    @Override
    public long nanos() {
        return context.nanos();
    }

    @Override
    public Instant wall() {
        return context.wall();
    }

    @Override
    public RoutingSnapshot routingSnapshot() {
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
    public Optional<String> mismatchedProtocol() {
        return routing.mismatchedProtocol();
    }

    @Override
    public List<Multiaddr> localAddresses() {
        return addresses.all();
    }

    @Override
    public OutboundRequest sendRequest(
            QueryId queryId, PeerInfo peer, KadRequest message, int hop, Predicate<Multiaddr> dialPermit) {
        OutboundRequest request = new OutboundRequest(
                outstanding.nextRequestId(),
                queryId,
                peer,
                message,
                hop,
                dialPermit,
                context.nanos(),
                routing.isConnected(peer.id()),
                routing.requestTimeout(peer.id()));
        outstanding.registerRequest(request);
        queues.submit(request);
        return request;
    }

    private void emitSendRequest(OutboundRequest request) {
        if (request.isQueued()) {
            handedOverFromQueue.add(request);
        }
        request.onHandedOver(
                context.nanos(), routing.isConnected(request.peer()), routing.requestTimeout(request.peer()));
        tracker.track(request);
        context.emit(new EngineAction.SendRequest(
                request.id(),
                request.queryId(),
                request.peerInfo(),
                request.message(),
                request.timeout(),
                request.dialPermit()));
    }

    /**
     * Submits a request again that waited too long in the queue of the transport, which therefore failed it as overloaded; returns whether it did. So the
     * request waits for its turn until its query ends. Not if the transport refused it at once, nor if its peer is not connected.
     */
    boolean handOverAgainIfOverloaded(OutboundRequest request, TransportFailure failure) {
        long waited = context.nanos() - request.sentNanos();
        boolean hasWaited = request.isQueued()
                && routing.isConnected(request.peer())
                && failure.kind() == TransportFailure.Kind.OVERLOADED
                && waited >= request.timeout().toNanos() / 2;
        if (hasWaited) {
            emitSendRequest(request);
        }
        return hasWaited;
    }

    /** Called when a request waits in the transport. */
    void onQueued(OutboundRequest request) {
        if (outstanding.isDetached(request)) {
            cancelRequest(request); // there is nothing to measure of a request that is not sent
            return;
        }
        tracker.stopTracking(request);
        request.onQueued();
    }

    /** Called when the transport sends a request that was queued. */
    void onDequeued(OutboundRequest request) {
        request.onDequeued(context.nanos(), routing.isConnected(request.peer()));
        tracker.track(request);
    }

    /** Removes and returns a queued request that is handed over now, which its query does not know yet; empty if there is none. */
    Optional<OutboundRequest> nextHandedOverFromQueue() {
        return Optional.ofNullable(handedOverFromQueue.poll());
    }

    /**
     * Completes a request that has a result: the engine knows it no more, and the next one in the queue of its peer is sent. Returns the request; null
     * if it has completed or was cancelled before. What it shows of its peer is for the caller to record, by the kind of result.
     */
    @Nullable
    OutboundRequest complete(RequestId requestId) {
        OutboundRequest request = outstanding.removeRequest(requestId);
        if (request != null) {
            var unused = queues.remove(request);
        }
        return request;
    }

    @Override
    public void cancelRequest(OutboundRequest request) {
        if (outstanding.removeRequest(request.id()) != null) {
            tracker.stopTracking(request);
            if (!queues.remove(request)) {
                context.emit(new EngineAction.CancelRequest(request.id()));
            }
        }
    }

    /**
     * Lets a read run on without its query until its extended max wait, to be measured: otherwise the wait times would be too short for slow
     * peers. If the extended max wait has passed, or there is none because little is measured, a read from a connected peer runs on until its
     * request timeout: otherwise the wait times could not grow when all RTTs do. Any other request is cancelled; one to a peer that is not
     * connected would occupy a dial.
     */
    @Override
    public void detachRequest(OutboundRequest request) {
        if (!request.isQueued()
                && request.isReadOnly()
                && (request.wasConnected() || tracker.hasWaitDeadline(request))) {
            var unused = queues.remove(request);
            outstanding.detach(request).ifPresent(this::cancelRequest);
        } else {
            cancelRequest(request);
        }
    }

    /** Called when a request has passed its extended max wait. */
    void onExtendedMaxWaitPassed(OutboundRequest request) {
        if (outstanding.isDetached(request)) {
            cancelRequest(request);
        }
    }

    @Override
    public void loadRecord(QueryId queryId, RecordKey key) {
        context.emit(new EngineAction.LoadRecord(outstanding.registerStoreOperation(queryId), key));
    }

    @Override
    public void loadProviders(QueryId queryId, RecordKey key, int limit) {
        context.emit(new EngineAction.LoadProviders(outstanding.registerStoreOperation(queryId), key, limit));
    }

    @Override
    public void saveRecord(QueryId queryId, Record record) {
        context.emit(new EngineAction.SaveRecord(outstanding.registerStoreOperation(queryId), record));
    }

    @Override
    public void mergeRecord(QueryId queryId, Record record, PeerId holder, Optional<Record> loser) {
        context.emit(new EngineAction.MergeRecord(outstanding.registerStoreOperation(queryId), record, holder, loser));
    }

    @Override
    public void saveProvider(QueryId queryId, ProviderRecord record) {
        context.emit(new EngineAction.SaveProvider(outstanding.registerStoreOperation(queryId), record));
    }

    @Override
    public void onLocalAddressesReturned(List<Multiaddr> returned) {
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
