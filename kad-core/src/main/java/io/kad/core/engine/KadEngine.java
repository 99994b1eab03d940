package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.job.BackgroundEvent;
import io.kad.core.job.BackgroundWork;
import io.kad.core.job.BootstrapRetries;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.job.ExpirySweepJobs;
import io.kad.core.job.Republisher;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.QueryContext;
import io.kad.core.query.QueryFactory;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.QueryStateMachine;
import io.kad.core.query.StoreOperationId;
import io.kad.core.record.RecordRules;
import io.kad.core.record.Validators;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * State machine of a Kademlia peer: its routing table, its queries, its mode and its jobs.
 *
 * <p>The same events at the same times with the same random numbers give the same actions. Events of requests, store operations and
 * queries that are not pending are ignored. Besides the queries of the user there are background queries, whose IDs are negative and
 * which emit only what is measured ({@link BackgroundEvent}). Confined to one thread at a time.
 */
public final class KadEngine implements StateMachine<EngineEvent> {

    private final PeerId self;
    private final AdvanceContext context = new AdvanceContext();
    private final OutstandingCalls outstanding = new OutstandingCalls();
    private final LocalAddresses addresses = new LocalAddresses();
    private final BootstrapSchedule schedule;
    private final BootstrapRetries retries;
    private final ModeSelector mode;
    private final RoutingTableMaintenance routing;
    private final DuplicateIdentities duplicates;
    private final EngineQueryOperations queryOperations;
    private final ResponseTimesTracker tracker;
    private final QueryPool queryPool;
    private final Republisher republisher;
    private final ExpirySweepJobs sweeps;
    private final FinalStep[] finalSteps;
    private final EventHandler eventHandler = new EventHandler();
    private final TransportHandler transportHandler = new TransportHandler();

    private boolean started;
    private long skippedCorrections;

    /**
     * Creates the engine of the peer {@code self}, with an empty routing table.
     *
     * @param random source of every random choice; must not be shared
     */
    public KadEngine(PeerId self, KademliaConfig config, Validators validators, RandomGenerator random) {
        this(self, config, new RecordRules(self, config, validators), random);
    }

    /**
     * Creates the engine of the peer {@code self}, with an empty routing table.
     *
     * @param recordRules which records of a key are valid, and which is better
     * @param random source of every random choice; must not be shared
     */
    public KadEngine(PeerId self, KademliaConfig config, RecordRules recordRules, RandomGenerator random) {
        this.self = requireNonNull(self, "self");
        this.schedule = new BootstrapSchedule(config);
        this.mode = new ModeSelector(context, config.get(KademliaConfig.MODE));
        this.retries = new BootstrapRetries(config, random);
        this.routing = new RoutingTableMaintenance(context, self, config, schedule, retries);
        this.tracker = new ResponseTimesTracker(routing, config);
        this.duplicates = new DuplicateIdentities(context, self, addresses, config.get(KademliaConfig.REQUEST_TIMEOUT));
        this.queryOperations = new EngineQueryOperations(context, outstanding, routing, addresses, tracker, duplicates);
        QueryContext queryContext = new QueryContext(
                self,
                config,
                recordRules,
                random,
                LookupConfig.of(config),
                tracker,
                routing::isBackedOff,
                queryOperations);
        this.queryPool = new QueryPool(
                config, context, new UserQueryListener(context), new QueryFactory(queryContext), schedule);
        EngineJobOperations jobOperations = new EngineJobOperations(context, outstanding, routing, queryPool);
        this.republisher = new Republisher(self, config, random, jobOperations);
        this.sweeps = new ExpirySweepJobs(config, random, jobOperations);
        this.finalSteps = new FinalStep[] {
            new FinalStep("duplicate identities", duplicates::proceed),
            new FinalStep("pending peers", routing::applyPending),
            new FinalStep("query deadlines", queryPool::advanceDue),
            new FinalStep("background queries", this::startBackgroundQueries),
            new FinalStep("republication", republisher::proceed),
            new FinalStep("expiry sweeps", sweeps::proceed),
            // After all parts that end requests, as queued ones are sent then
            new FinalStep("queued requests", this::resumeRequests),
            new FinalStep("routing snapshot", routing::emitSnapshot)
        };
    }

    /** Step at the end of each advance, in which one part of the engine works. */
    private record FinalStep(String name, Runnable work) {}

    /**
     * {@inheritDoc}
     *
     * <p>If a part of the engine throws, which is a defect, the others go on. This method throws only if the event itself could not be
     * processed.
     */
    @Override
    public void advance(Now now, EngineEvent event, ActionSink out) {
        context.set(now, out);
        try {
            if (!started) {
                started = true;
                begin();
            }
            tracker.checkWaits(context.nanos(), queryOperations::onExtendedMaxWaitPassed);
            event.accept(eventHandler);
        } finally {
            for (FinalStep step : finalSteps) {
                run(step);
            }
        }
    }

    private void begin() {
        mode.start();
        schedule.begin(context.nanos());
        republisher.begin();
        sweeps.begin();
    }

    private void run(FinalStep step) {
        try {
            step.work().run();
        } catch (Throwable fault) {
            context.emit(new EngineAction.LogFault(step.name(), fault));
        }
    }

    /** Tells each query that its queued request is handed over; later, as this must not happen inside a step of another query. */
    private void resumeRequests() {
        for (Optional<OutboundRequest> next = queryOperations.nextHandedOverFromQueue();
                next.isPresent();
                next = queryOperations.nextHandedOverFromQueue()) {
            resumeInQuery(next.get());
        }
    }

    private void resumeInQuery(OutboundRequest request) {
        queryPool.advance(request.queryId(), query -> query.requestDequeued(request));
    }

    private void startBackgroundQueries() {
        for (Optional<QuerySpec.PutRecordTo> next = queryOperations.nextCorrection();
                next.isPresent();
                next = queryOperations.nextCorrection()) {
            if (!queryPool.startInBackground(BackgroundWork.CORRECTION, next.get(), QueryListener.NONE)) {
                skippedCorrections++;
                context.emit(new EngineAction.EmitDhtEvent(
                        new DhtEvent.CorrectionSkipped(next.get().record().key(), skippedCorrections)));
            }
        }
        if (routing.hasPeersToTry() && retries.takeDue(context.nanos())) {
            routing.retryBootstrapPeers();
            if (routing.hasPeers() && !schedule.isRunning()) {
                bootstrap();
            }
        }
        if (routing.hasPeers() && schedule.takeDue(context.nanos())) {
            bootstrap();
        }
    }

    private void bootstrap() {
        queryPool.startInBackground(BackgroundWork.BOOTSTRAP, new QuerySpec.Bootstrap(self), QueryListener.NONE);
    }

    @Override
    public long nextDeadlineNanos() {
        // A bootstrap that is due waits for the first peer
        long nextBootstrap = Math.min(
                routing.hasPeers() ? schedule.nextDeadlineNanos() : Long.MAX_VALUE,
                routing.hasPeersToTry() ? retries.nextDeadlineNanos() : Long.MAX_VALUE);
        return Math.min(
                Math.min(Math.min(queryPool.nextDeadlineNanos(), tracker.nextDeadlineNanos()), nextBootstrap),
                Math.min(
                        duplicates.nextDeadlineNanos(),
                        Math.min(
                                routing.nextDeadlineNanos(),
                                Math.min(republisher.nextDeadlineNanos(), sweeps.nextDeadlineNanos()))));
    }

    /** Hands each event to the part of the engine that it concerns. */
    private final class EventHandler implements EngineEvent.Visitor {

        @Override
        public void startQuery(EngineEvent.StartQuery event) {
            queryPool.startForUser(event.queryId(), event.spec());
        }

        @Override
        public void finishQuery(EngineEvent.FinishQuery event) {
            queryPool.advance(event.queryId(), QueryStateMachine::finish);
        }

        @Override
        public void cancelQuery(EngineEvent.CancelQuery event) {
            queryPool.advance(event.queryId(), QueryStateMachine::cancel);
        }

        @Override
        public void requestQueued(EngineEvent.RequestQueued event) {
            OutboundRequest request = outstanding.findRequest(event.requestId());
            if (request != null && !request.isQueued()) {
                queryOperations.onQueued(request);
                queryPool.advance(request.queryId(), query -> query.requestQueued(request));
            }
        }

        @Override
        public void requestDequeued(EngineEvent.RequestDequeued event) {
            OutboundRequest request = outstanding.findRequest(event.requestId());
            if (request != null && request.isQueued()) {
                queryOperations.onDequeued(request);
                resumeInQuery(request);
            }
        }

        /** Handles a response; one that does not match its request is a failure of it and has no other effect. */
        @Override
        public void responseReceived(EngineEvent.ResponseReceived event) {
            OutboundRequest request = queryOperations.complete(event.requestId());
            if (request != null && !request.isMatchedBy(event.response())) {
                failed(request, OutboundRequest.MISMATCH);
            } else if (request != null) {
                try {
                    tracker.responded(request, context.nanos());
                    routing.responseReceived(request);
                } finally {
                    queryPool.advance(request.queryId(), query -> query.responseReceived(request, event.response()));
                }
            }
        }

        @Override
        public void messageSent(EngineEvent.MessageSent event) {
            OutboundRequest request = queryOperations.complete(event.requestId());
            if (request != null) {
                try {
                    tracker.stopTracking(request);
                    routing.serverHeard(request.peer());
                } finally {
                    queryPool.advance(request.queryId(), query -> query.messageSent(request));
                }
            }
        }

        @Override
        public void requestFailed(EngineEvent.RequestFailed event) {
            OutboundRequest failed = outstanding.findRequest(event.requestId());
            if (failed != null && queryOperations.handOverAgainIfOverloaded(failed, event.failure())) {
                return;
            }
            OutboundRequest request = queryOperations.complete(event.requestId());
            if (request != null) {
                failed(request, event.failure());
            }
        }

        /** Handles a failure; the peer is not to blame for that of a request which was never sent. */
        private void failed(OutboundRequest request, TransportFailure failure) {
            try {
                boolean isTimed = tracker.failed(request, failure, context.nanos());
                if (!request.isQueued()) {
                    routing.requestFailed(request, failure, isTimed);
                }
            } finally {
                queryPool.advance(request.queryId(), query -> query.requestFailed(request, failure));
            }
        }

        @Override
        public void recordLoaded(EngineEvent.RecordLoaded event) {
            completeStoreOperation(event.operationId(), query -> query.recordLoaded(event.record()));
            republisher.recordLoaded(event.operationId(), event.record());
        }

        @Override
        public void providersLoaded(EngineEvent.ProvidersLoaded event) {
            completeStoreOperation(event.operationId(), query -> query.providersLoaded(event.providers()));
            republisher.providersLoaded(event.operationId(), event.providers());
        }

        @Override
        public void providerSaved(EngineEvent.ProviderSaved event) {
            completeStoreOperation(event.operationId(), QueryStateMachine::stored);
        }

        @Override
        public void recordSaved(EngineEvent.RecordSaved event) {
            completeStoreOperation(event.operationId(), query -> query.recordSaved(event.kept()));
        }

        @Override
        public void recordMerged(EngineEvent.RecordMerged event) {
            completeStoreOperation(event.operationId(), query -> query.recordMerged(event.stored()));
        }

        @Override
        public void storeFailed(EngineEvent.StoreFailed event) {
            completeStoreOperation(event.operationId(), query -> query.storeFailed(event.failure()));
            republisher.storeFailed(event.operationId(), event.failure());
            sweeps.storeFailed(event.operationId());
        }

        private void completeStoreOperation(StoreOperationId operationId, Consumer<QueryStateMachine> onCompleted) {
            QueryId queryId = outstanding.removeStoreOperation(operationId);
            if (queryId != null) {
                queryPool.advance(queryId, onCompleted);
            }
        }

        @Override
        public void recordPageLoaded(EngineEvent.RecordPageLoaded event) {
            republisher.recordPageLoaded(event.operationId(), event.page());
        }

        @Override
        public void providerPageLoaded(EngineEvent.ProviderPageLoaded event) {
            republisher.providerPageLoaded(event.operationId(), event.page());
        }

        @Override
        public void expiredRemoved(EngineEvent.ExpiredRemoved event) {
            sweeps.removed(event.operationId(), event.count());
        }

        @Override
        public void recordsReceived(EngineEvent.RecordsReceived event) {
            republisher.received(event.keys());
        }

        @Override
        public void bootstrapPeersAdded(EngineEvent.BootstrapPeersAdded event) {
            routing.addBootstrapPeers(event.peers().stream()
                    .filter(peer -> !peer.id().equals(self))
                    .toList());
            event.peers().stream()
                    .filter(peer -> peer.id().equals(self))
                    .forEach(peer -> duplicates.addressesNamed(peer.addresses()));
        }

        @Override
        public void peerSnapshotLoaded(EngineEvent.PeerSnapshotLoaded event) {
            routing.addDisconnected(event.peers());
        }

        @Override
        public void addAddress(EngineEvent.AddAddress event) {
            context.emit(new EngineAction.CompleteAddAddress(
                    event.commandId(), routing.addAddress(event.peer(), event.address())));
        }

        @Override
        public void removeAddress(EngineEvent.RemoveAddress event) {
            context.emit(new EngineAction.CompleteRemove(
                    event.commandId(), routing.removeAddress(event.peer(), event.address())));
        }

        @Override
        public void removePeer(EngineEvent.RemovePeer event) {
            context.emit(new EngineAction.CompleteRemove(event.commandId(), routing.removePeerOfUser(event.peer())));
        }

        @Override
        public void setMode(EngineEvent.SetMode event) {
            mode.setMode(event.mode());
        }

        @Override
        public void setExternalAddresses(EngineEvent.SetExternalAddresses event) {
            if (addresses.setExternal(event.addresses())) {
                context.emit(new EngineAction.Announce(event.addresses()));
                mode.setReachable(!event.addresses().isEmpty());
            }
        }

        @Override
        public void transportReported(EngineEvent.TransportReported event) {
            context.emit(new EngineAction.EmitDhtEvent(new DhtEvent.TransportEventReceived(event.event())));
            event.event().accept(transportHandler);
        }

        @Override
        public void deadlineReached(EngineEvent.DeadlineReached event) {
            // Every advance handles the deadlines that have passed
        }
    }

    /** Hands each event of the transport to the part of the engine that it concerns. */
    @SuppressWarnings("NullAway") // the one value of Void is null
    private final class TransportHandler implements TransportEvent.Visitor<Void> {

        @Override
        public Void listenerOpened(TransportEvent.ListenerOpened event) {
            addresses.addListener(event.address());
            duplicates.listenerOpened();
            if (!routing.isConnected()) {
                schedule.networkMayBeBack(context.nanos());
            }
            return null;
        }

        @Override
        public Void listenerClosed(TransportEvent.ListenerClosed event) {
            addresses.removeListener(event.address());
            return null;
        }

        @Override
        public Void listenerFailed(TransportEvent.ListenerFailed event) {
            return null;
        }

        @Override
        public Void addressExpired(TransportEvent.AddressExpired event) {
            addresses.removeListener(event.address());
            return null;
        }

        @Override
        public Void connectionOpened(TransportEvent.ConnectionOpened event) {
            routing.connectionOpened(event.connection());
            return null;
        }

        @Override
        public Void connectionClosed(TransportEvent.ConnectionClosed event) {
            routing.connectionClosed(event.connection());
            return null;
        }

        @Override
        public Void addressChanged(TransportEvent.AddressChanged event) {
            queryPool.addressFailed(event.before().peer(), event.before().remoteAddress());
            routing.addressChanged(event.before(), event.after());
            return null;
        }

        @Override
        public Void peerIdentified(TransportEvent.PeerIdentified event) {
            routing.peerIdentified(event.identification(), event.connection());
            return null;
        }

        @Override
        public Void dialFailed(TransportEvent.DialFailed event) {
            queryPool.addressFailed(event.peer(), event.address());
            routing.dialFailed(event.peer(), event.address(), event.failure());
            return null;
        }

        @Override
        public Void localIdentitySeen(TransportEvent.LocalIdentitySeen event) {
            duplicates.localIdentitySeen(event);
            return null;
        }
    }
}
