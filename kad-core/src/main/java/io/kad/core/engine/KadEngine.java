package io.kad.core.engine;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.spi.TransportEvent;
import io.kad.core.job.BootstrapSchedule;
import io.kad.core.job.ExpirySweeps;
import io.kad.core.job.Republisher;
import io.kad.core.query.Asked;
import io.kad.core.query.LookupConfig;
import io.kad.core.query.QueryAudience;
import io.kad.core.query.QueryContext;
import io.kad.core.query.QueryFactory;
import io.kad.core.query.QueryMachine;
import io.kad.core.query.QuerySpec;
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
public final class KadEngine implements Machine<EngineEvent> {

    private final PeerId self;
    private final Turn turn = new Turn();
    private final RequestLedger ledger = new RequestLedger();
    private final OwnAddresses addresses = new OwnAddresses();
    private final BootstrapSchedule schedule;
    private final ModeKeeper mode;
    private final RoutingKeeper routing;
    private final EngineHost host;
    private final MeasuredPatience patience;
    private final QueryPool queries;
    private final Republisher republisher;
    private final ExpirySweeps sweeps;
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
        this.mode = new ModeKeeper(turn, config.get(KademliaConfig.MODE));
        this.routing = new RoutingKeeper(turn, self, config, schedule);
        this.host = new EngineHost(turn, ledger, routing, addresses);
        this.patience = new MeasuredPatience(routing);
        QueryContext context =
                new QueryContext(self, config, validators, random, LookupConfig.of(config), patience, host);
        this.queries = new QueryPool(config, host, host, new QueryFactory(context), schedule);
        EngineJobs jobs = new EngineJobs(turn, ledger, routing, queries);
        this.republisher = new Republisher(self, config, random, jobs);
        this.sweeps = new ExpirySweeps(config, random, jobs);
    }

    @Override
    public void advance(Now now, EngineEvent event, ActionSink out) {
        turn.begin(now, out);
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
            queries.startInBackground(next.get(), QueryAudience.NOBODY);
        }
        if (schedule.isDue(nowNanos) && routing.snapshot().size() > 0) {
            queries.startInBackground(new QuerySpec.Bootstrap(self), QueryAudience.NOBODY);
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

    private Optional<QueryMachine> closeRequest(
            long request, Consumer<Asked> lesson, BiConsumer<QueryMachine, Asked> outcome) {
        Optional<Asked> closed = ledger.close(request);
        closed.ifPresent(lesson);
        Optional<QueryMachine> query = closed.map(Asked::query).flatMap(queries::find);
        query.ifPresent(asker -> outcome.accept(asker, closed.orElseThrow()));
        return query;
    }

    private Optional<QueryMachine> closeOperation(long operation, Consumer<QueryMachine> outcome) {
        Optional<QueryMachine> query = ledger.closeOperation(operation).flatMap(queries::find);
        query.ifPresent(outcome);
        return query;
    }

    private static Optional<QueryMachine> noQuery() {
        return Optional.empty();
    }

    /** Says of each event which running query it has touched. */
    private final class EventReader implements EngineEvent.Visitor<Optional<QueryMachine>> {

        @Override
        public Optional<QueryMachine> startQuery(EngineEvent.StartQuery event) {
            queries.start(event.query(), event.spec());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> finishQuery(EngineEvent.FinishQuery event) {
            Optional<QueryMachine> query = queries.find(event.query());
            query.ifPresent(QueryMachine::finish);
            return query;
        }

        @Override
        public Optional<QueryMachine> cancelQuery(EngineEvent.CancelQuery event) {
            Optional<QueryMachine> query = queries.find(event.query());
            query.ifPresent(QueryMachine::cancel);
            return query;
        }

        @Override
        public Optional<QueryMachine> requestAnswered(EngineEvent.RequestAnswered event) {
            return closeRequest(
                    event.request(),
                    asked -> {
                        patience.record(asked, turn.nanos());
                        routing.answered(asked);
                    },
                    (query, asked) -> query.answered(asked, event.response()));
        }

        @Override
        public Optional<QueryMachine> messageSent(EngineEvent.MessageSent event) {
            return closeRequest(event.request(), asked -> routing.served(asked.peer()), QueryMachine::sent);
        }

        @Override
        public Optional<QueryMachine> requestFailed(EngineEvent.RequestFailed event) {
            return closeRequest(
                    event.request(),
                    asked -> routing.failed(asked.peer(), event.failure()),
                    (query, asked) -> query.failed(asked, event.failure()));
        }

        @Override
        public Optional<QueryMachine> recordLoaded(EngineEvent.RecordLoaded event) {
            return closeOperation(event.operation(), query -> query.recordLoaded(event.record()));
        }

        @Override
        public Optional<QueryMachine> providersLoaded(EngineEvent.ProvidersLoaded event) {
            return closeOperation(event.operation(), query -> query.providersLoaded(event.providers()));
        }

        @Override
        public Optional<QueryMachine> recordPageLoaded(EngineEvent.RecordPageLoaded event) {
            republisher.recordsLoaded(event.operation(), event.page());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> providerPageLoaded(EngineEvent.ProviderPageLoaded event) {
            republisher.providersLoaded(event.operation(), event.page());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> recordReceived(EngineEvent.RecordReceived event) {
            republisher.received(event.key());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> outdated(EngineEvent.Outdated event) {
            return closeOperation(event.operation(), QueryMachine::outdated);
        }

        @Override
        public Optional<QueryMachine> stored(EngineEvent.Stored event) {
            return closeOperation(event.operation(), QueryMachine::stored);
        }

        @Override
        public Optional<QueryMachine> expiredRemoved(EngineEvent.ExpiredRemoved event) {
            sweeps.removed(event.operation(), event.count());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> storeFailed(EngineEvent.StoreFailed event) {
            republisher.storeFailed(event.operation());
            sweeps.storeFailed(event.operation());
            return closeOperation(event.operation(), query -> query.storeFailed(event.failure()));
        }

        @Override
        public Optional<QueryMachine> peersRemembered(EngineEvent.PeersRemembered event) {
            routing.remember(event.peers());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> addAddress(EngineEvent.AddAddress event) {
            turn.emit(
                    new EngineAction.AddressAdded(event.command(), routing.addAddress(event.peer(), event.address())));
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> removeAddress(EngineEvent.RemoveAddress event) {
            turn.emit(new EngineAction.Removed(event.command(), routing.removeAddress(event.peer(), event.address())));
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> removePeer(EngineEvent.RemovePeer event) {
            turn.emit(new EngineAction.Removed(event.command(), routing.removePeer(event.peer())));
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> setMode(EngineEvent.SetMode event) {
            mode.want(event.mode());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> setExternalAddresses(EngineEvent.SetExternalAddresses event) {
            if (addresses.external(event.addresses())) {
                turn.emit(new EngineAction.Announce(event.addresses()));
                mode.reachable(!event.addresses().isEmpty());
            }
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> transport(EngineEvent.TransportReported event) {
            turn.emit(new EngineAction.Publish(new DhtEvent.TransportEventReceived(event.event())));
            return event.event().accept(transportReader);
        }

        @Override
        public Optional<QueryMachine> deadline(EngineEvent.DeadlineReached event) {
            return noQuery();
        }
    }

    /** What the engine learns from the transport; no query is touched by that. */
    private final class TransportReader implements TransportEvent.Visitor<Optional<QueryMachine>> {

        @Override
        public Optional<QueryMachine> listenerOpened(TransportEvent.ListenerOpened event) {
            addresses.opened(event.address());
            if (!routing.isConnected()) {
                schedule.peersMayBeReached(turn.nanos());
            }
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> listenerClosed(TransportEvent.ListenerClosed event) {
            addresses.closed(event.address());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> listenerFailed(TransportEvent.ListenerFailed event) {
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> addressExpired(TransportEvent.AddressExpired event) {
            addresses.closed(event.address());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> connectionOpened(TransportEvent.ConnectionOpened event) {
            routing.connectionOpened(event.connection());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> connectionClosed(TransportEvent.ConnectionClosed event) {
            routing.connectionClosed(event.connection(), event.remaining());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> addressChanged(TransportEvent.AddressChanged event) {
            routing.addressChanged(event.before(), event.after());
            queries.addressFailed(event.before().peer(), event.before().remoteAddress());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> peerIdentified(TransportEvent.PeerIdentified event) {
            routing.identified(event.identification(), event.connection());
            return noQuery();
        }

        @Override
        public Optional<QueryMachine> dialFailed(TransportEvent.DialFailed event) {
            routing.dialFailed(event.peer(), event.address());
            queries.addressFailed(event.peer(), event.address());
            return noQuery();
        }
    }
}
