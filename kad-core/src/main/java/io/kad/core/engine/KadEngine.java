package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportEvent;
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
import io.kad.core.record.Validators;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * All that a Kademlia peer decides by itself: whom it knows, its queries, its mode, and when it refreshes its routing table.
 *
 * <p>The same events at the same moments with the same random numbers give the same actions. Outcomes of requests, operations
 * and queries that are not under way any more are ignored. Besides the user's queries there are some of its own, which have
 * negative numbers and report nothing. Confined to one thread at a time.
 */
public final class KadEngine implements StateMachine<EngineEvent> {

    private final PeerId self;
    private final AdvanceContext advance = new AdvanceContext();
    private final OutstandingOperations outstanding = new OutstandingOperations();
    private final LocalAddresses addresses = new LocalAddresses();
    private final BootstrapSchedule schedule;
    private final ModeSelector mode;
    private final RoutingTableMaintenance routing;
    private final EngineQueryHost host;
    private final MeasuredPatience patience;
    private final QueryPool queries;
    private final Republisher republisher;
    private final ExpirySweepJobs sweeps;
    private final EventReader eventReader = new EventReader();
    private final TransportReader transportReader = new TransportReader();

    private boolean begun;

    /**
     * Makes the engine of {@code self}, that knows nobody.
     *
     * @param random the source of every random choice; not shared
     */
    public KadEngine(PeerId self, KademliaConfig config, Validators validators, RandomGenerator random) {
        this.self = requireNonNull(self, "self");
        this.schedule = new BootstrapSchedule(config);
        this.mode = new ModeSelector(advance, config.get(KademliaConfig.MODE));
        this.routing = new RoutingTableMaintenance(advance, self, config, schedule);
        this.host = new EngineQueryHost(advance, outstanding, routing, addresses);
        this.patience = new MeasuredPatience(routing);
        QueryContext context =
                new QueryContext(self, config, validators, random, LookupConfig.of(config), patience, host);
        this.queries = new QueryPool(config, host, host, new QueryFactory(context), schedule);
        EngineJobHost jobs = new EngineJobHost(advance, outstanding, routing, queries);
        this.republisher = new Republisher(self, config, random, jobs);
        this.sweeps = new ExpirySweepJobs(config, random, jobs);
    }

    @Override
    public void advance(Now now, EngineEvent event, ActionSink out) {
        advance.begin(now, out);
        if (!begun) {
            begun = true;
            mode.begin();
            schedule.begin(now.nanos());
            republisher.begin();
            sweeps.begin();
        }
        event.accept(eventReader).ifPresent(queries::settle);
        routing.applyPending();
        queries.passDeadlines();
        beginOwnQueries(now.nanos());
        routing.publishTable();
    }

    private void beginOwnQueries(long nowNanos) {
        for (Optional<QuerySpec> next = host.nextCorrection(); next.isPresent(); next = host.nextCorrection()) {
            queries.startInBackground(next.get(), QueryListener.NONE);
        }
        if (schedule.isDue(nowNanos) && routing.snapshot().size() > 0) {
            queries.startInBackground(new QuerySpec.Bootstrap(self), QueryListener.NONE);
        }
        republisher.proceed();
        sweeps.proceed();
    }

    @Override
    public long nextDeadlineNanos() {
        return Math.min(
                Math.min(queries.nextDeadlineNanos(), schedule.nextDeadlineNanos()),
                Math.min(
                        routing.nextDeadlineNanos(),
                        Math.min(republisher.nextDeadlineNanos(), sweeps.nextDeadlineNanos())));
    }

    private Optional<QueryStateMachine> closeRequest(
            long request, Consumer<OutboundRequest> lesson, BiConsumer<QueryStateMachine, OutboundRequest> outcome) {
        Optional<OutboundRequest> closed = outstanding.complete(request);
        closed.ifPresent(lesson);
        Optional<QueryStateMachine> query = closed.map(OutboundRequest::query).flatMap(queries::find);
        query.ifPresent(asker -> outcome.accept(asker, closed.orElseThrow()));
        return query;
    }

    private Optional<QueryStateMachine> closeOperation(long operation, Consumer<QueryStateMachine> outcome) {
        Optional<QueryStateMachine> query =
                outstanding.completeStoreOperation(operation).flatMap(queries::find);
        query.ifPresent(outcome);
        return query;
    }

    private static Optional<QueryStateMachine> noQuery() {
        return Optional.empty();
    }

    /** Says of each event which running query it has touched. */
    private final class EventReader implements EngineEvent.Visitor<Optional<QueryStateMachine>> {

        @Override
        public Optional<QueryStateMachine> startQuery(EngineEvent.StartQuery event) {
            queries.start(event.query(), event.spec());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> finishQuery(EngineEvent.FinishQuery event) {
            Optional<QueryStateMachine> query = queries.find(event.query());
            query.ifPresent(QueryStateMachine::finish);
            return query;
        }

        @Override
        public Optional<QueryStateMachine> cancelQuery(EngineEvent.CancelQuery event) {
            Optional<QueryStateMachine> query = queries.find(event.query());
            query.ifPresent(QueryStateMachine::cancel);
            return query;
        }

        @Override
        public Optional<QueryStateMachine> responseReceived(EngineEvent.ResponseReceived event) {
            return closeRequest(
                    event.request(),
                    request -> {
                        patience.record(request, advance.nanos());
                        routing.answered(request);
                    },
                    (query, request) -> query.answered(request, event.response()));
        }

        @Override
        public Optional<QueryStateMachine> messageSent(EngineEvent.MessageSent event) {
            return closeRequest(
                    event.request(), request -> routing.confirmServer(request.peer()), QueryStateMachine::sent);
        }

        @Override
        public Optional<QueryStateMachine> requestFailed(EngineEvent.RequestFailed event) {
            return closeRequest(
                    event.request(),
                    request -> routing.failed(request.peer(), event.failure()),
                    (query, request) -> query.failed(request, event.failure()));
        }

        @Override
        public Optional<QueryStateMachine> recordLoaded(EngineEvent.RecordLoaded event) {
            return closeOperation(event.operation(), query -> query.recordLoaded(event.record()));
        }

        @Override
        public Optional<QueryStateMachine> providersLoaded(EngineEvent.ProvidersLoaded event) {
            return closeOperation(event.operation(), query -> query.providersLoaded(event.providers()));
        }

        @Override
        public Optional<QueryStateMachine> recordPageLoaded(EngineEvent.RecordPageLoaded event) {
            republisher.recordsLoaded(event.operation(), event.page());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> providerPageLoaded(EngineEvent.ProviderPageLoaded event) {
            republisher.providersLoaded(event.operation(), event.page());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> recordReceived(EngineEvent.RecordReceived event) {
            republisher.received(event.key());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> recordSuperseded(EngineEvent.RecordSuperseded event) {
            return closeOperation(event.operation(), QueryStateMachine::recordSuperseded);
        }

        @Override
        public Optional<QueryStateMachine> stored(EngineEvent.Stored event) {
            return closeOperation(event.operation(), QueryStateMachine::stored);
        }

        @Override
        public Optional<QueryStateMachine> expiredRemoved(EngineEvent.ExpiredRemoved event) {
            sweeps.removed(event.operation(), event.count());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> storeFailed(EngineEvent.StoreFailed event) {
            republisher.storeFailed(event.operation());
            sweeps.storeFailed(event.operation());
            return closeOperation(event.operation(), query -> query.storeFailed(event.failure()));
        }

        @Override
        public Optional<QueryStateMachine> peerSnapshotLoaded(EngineEvent.PeerSnapshotLoaded event) {
            routing.remember(event.peers());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> addAddress(EngineEvent.AddAddress event) {
            advance.emit(new EngineAction.CompleteAddAddress(
                    event.command(), routing.addAddress(event.peer(), event.address())));
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> removeAddress(EngineEvent.RemoveAddress event) {
            advance.emit(new EngineAction.CompleteRemove(
                    event.command(), routing.removeAddress(event.peer(), event.address())));
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> removePeer(EngineEvent.RemovePeer event) {
            advance.emit(new EngineAction.CompleteRemove(event.command(), routing.removePeer(event.peer())));
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> setMode(EngineEvent.SetMode event) {
            mode.setMode(event.mode());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> setExternalAddresses(EngineEvent.SetExternalAddresses event) {
            if (addresses.external(event.addresses())) {
                advance.emit(new EngineAction.Announce(event.addresses()));
                mode.reachable(!event.addresses().isEmpty());
            }
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> transport(EngineEvent.TransportReported event) {
            advance.emit(new EngineAction.EmitEvent(new DhtEvent.TransportEventReceived(event.event())));
            return event.event().accept(transportReader);
        }

        @Override
        public Optional<QueryStateMachine> deadline(EngineEvent.DeadlineReached event) {
            return noQuery();
        }
    }

    /** What the engine learns from the transport; no query is touched by that. */
    private final class TransportReader implements TransportEvent.Visitor<Optional<QueryStateMachine>> {

        @Override
        public Optional<QueryStateMachine> listenerOpened(TransportEvent.ListenerOpened event) {
            addresses.opened(event.address());
            if (!routing.isConnected()) {
                schedule.peersMayBeReached(advance.nanos());
            }
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> listenerClosed(TransportEvent.ListenerClosed event) {
            addresses.closed(event.address());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> listenerFailed(TransportEvent.ListenerFailed event) {
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> addressExpired(TransportEvent.AddressExpired event) {
            addresses.closed(event.address());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> connectionOpened(TransportEvent.ConnectionOpened event) {
            routing.connectionOpened(event.connection());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> connectionClosed(TransportEvent.ConnectionClosed event) {
            routing.connectionClosed(event.connection(), event.remaining());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> addressChanged(TransportEvent.AddressChanged event) {
            routing.addressChanged(event.before(), event.after());
            queries.addressFailed(event.before().peer(), event.before().remoteAddress());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> peerIdentified(TransportEvent.PeerIdentified event) {
            routing.identified(event.identification(), event.connection());
            return noQuery();
        }

        @Override
        public Optional<QueryStateMachine> dialFailed(TransportEvent.DialFailed event) {
            routing.dialFailed(event.peer(), event.address());
            queries.addressFailed(event.peer(), event.address());
            return noQuery();
        }
    }
}
