package io.kad.core.peer;

import static java.util.Objects.requireNonNull;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.KadEngine;
import io.kad.core.engine.StateMachine;
import io.kad.core.event.CallbackExecutor;
import io.kad.core.event.DhtEventWeigher;
import io.kad.core.event.EventBudget;
import io.kad.core.event.EventPublisher;
import io.kad.core.event.QueryEventReplay;
import io.kad.core.future.PendingCommands;
import io.kad.core.future.PendingFutures;
import io.kad.core.future.RunningQueries;
import io.kad.core.metrics.PeerMetrics;
import io.kad.core.plugin.PluginCloser;
import io.kad.core.record.RecordRules;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.runtime.ActionExecutor;
import io.kad.core.runtime.EngineDriver;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.InboundQuotas;
import io.kad.core.runtime.InboundService;
import io.kad.core.runtime.Stores;
import io.kad.core.runtime.TransportDefects;
import io.kad.core.server.RequestRules;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Assembler of a peer: connects its components and starts it.
 *
 * @param recordRules which records of a key are valid, and which is better
 * @param snapshots saves the peer snapshot; empty without a peer snapshot store
 * @param filter decides which received records are stored
 * @param gate allows and refuses connections
 * @param events publishes the events of the peer
 * @param metrics measures the peer
 * @param closer closes the plug-ins
 * @param release releases the shared thread pools; does nothing if there are none
 */
public record PeerAssembler(
        PeerId self,
        KademliaConfig config,
        RecordRules recordRules,
        Transport transport,
        Stores stores,
        Optional<PeerSnapshots> snapshots,
        StoreFilter filter,
        ConnectionGate gate,
        InboundQuotas quotas,
        EventPublisher<DhtEvent> events,
        PeerMetrics metrics,
        Environment environment,
        PluginCloser closer,
        Runnable release) {

    private static final Logger LOG = LoggerFactory.getLogger(PeerAssembler.class);

    /**
     * Returns the running peer.
     *
     * @param bootstrap bootstrap peers; those that are not the local one are inserted into the routing table before this returns, and dialled
     * @param saved peers of the peer snapshot
     */
    Kademlia start(List<PeerInfo> bootstrap, List<PeerInfo> saved) {
        KadEngine engine = new KadEngine(self, config, recordRules, new SplittableRandom(environment.seed()));
        return start(engine, bootstrap, saved);
    }

    /** Returns the publisher of the events of a peer, with bounded buffers. */
    static EventPublisher<DhtEvent> publisher(Executor callbackExecutor) {
        return new EventPublisher<>(
                new CallbackExecutor(callbackExecutor),
                DhtEventWeigher.INSTANCE,
                Kademlia.EVENT_BUFFER_BYTES,
                new EventBudget(Kademlia.MAX_EVENT_BYTES));
    }

    /** Returns the running peer with the given engine. */
    Kademlia start(StateMachine<EngineEvent> engine, List<PeerInfo> bootstrap, List<PeerInfo> saved) {
        Executor callbacks = new CallbackExecutor(environment.callbackExecutor());
        RunningQueries runningQueries = new RunningQueries(metrics.queryObserver());
        QueryEventReplay eventReplay = eventReplay(callbacks);
        PendingFutures futures = new PendingFutures(callbacks);
        PendingCommands commands = new PendingCommands(futures);
        EngineDriver driver = new EngineDriver(
                engine,
                environment,
                postEvent -> new ActionExecutor(
                        metrics.measureTransport(transport),
                        stores,
                        recordRules,
                        environment.wallClock(),
                        runningQueries,
                        commands,
                        metrics.measureEvents(events::emit),
                        metrics.backgroundEvents(),
                        quotas::recordPublished,
                        RoutingSnapshot.empty(self),
                        snapshot -> snapshots.ifPresent(saver -> saver.changed(snapshot)),
                        postEvent));
        IdentifiedPeers identifiedPeers = new IdentifiedPeers(config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER));
        // Peer and service need each other: the peer stores taken entries through the service, which reads the
        // addresses of the peer at its first request
        AtomicReference<Kademlia> built = new AtomicReference<>();
        InboundService inbound = inboundService(
                driver, identifiedPeers, () -> requireNonNull(built.get()).addresses());
        KademliaPeer peer = new KademliaPeer(
                self,
                config,
                new PeerComponents(
                        driver,
                        runningQueries,
                        commands,
                        futures,
                        events,
                        eventReplay,
                        transport,
                        stores,
                        snapshots,
                        identifiedPeers,
                        inbound,
                        callbacks,
                        closer,
                        release,
                        new AtomicBoolean()));
        built.set(peer);
        startTransport(new InboundHandler(inbound, driver, identifiedPeers, metrics, gate), bootstrap);
        driver.begin(firstEvents(bootstrap));
        if (!saved.isEmpty()) {
            driver.post(new EngineEvent.PeerSnapshotLoaded(saved));
        }
        peer.dialBootstrapPeers(bootstrap);
        metrics.addGauges(peer, transport);
        return peer;
    }

    private List<EngineEvent> firstEvents(List<PeerInfo> bootstrap) {
        EngineEvent setMode = new EngineEvent.SetMode(config.get(KademliaConfig.MODE));
        return bootstrap.isEmpty()
                ? List.of(setMode)
                : List.of(setMode, new EngineEvent.BootstrapPeersAdded(bootstrap));
    }

    private QueryEventReplay eventReplay(Executor callbacks) {
        return new QueryEventReplay(
                events.budget(),
                callbacks,
                (nanos, task) -> {
                    var unused = environment.timer().schedule(nanos, task);
                },
                environment.nanoTime());
    }

    private InboundService inboundService(
            EngineDriver driver, IdentifiedPeers identifiedPeers, Supplier<List<Multiaddr>> localAddresses) {
        return new InboundService(
                new RequestRules(self, config, recordRules),
                quotas,
                stores,
                filter,
                () -> new RequestRules.LocalState(
                        driver.routingSnapshot(),
                        identifiedPeers::find,
                        localAddresses,
                        environment.wallClock().instant()),
                metrics.measureEvents(events::emit),
                key -> driver.recordReceived(key.kadKey()),
                environment.storeExecutor());
    }

    private void startTransport(TransportHandler handler, List<PeerInfo> bootstrap) {
        try {
            transport.start(handler);
            bootstrap.forEach(transport::trustAddresses);
        } catch (Throwable e) {
            throw new IllegalStateException(
                    "cannot start transport " + TransportDefects.nameOf(transport) + ": " + e, e);
        }
    }

    /** Handler of the requests and events of the transport. */
    private static final class InboundHandler implements TransportHandler {

        private final EngineDriver driver;
        private final IdentifiedPeers identifiedPeers;
        private final InboundService inbound;
        private final PeerMetrics metrics;
        private final ConnectionGate gate;

        InboundHandler(
                InboundService inbound,
                EngineDriver driver,
                IdentifiedPeers identifiedPeers,
                PeerMetrics metrics,
                ConnectionGate gate) {
            this.gate = gate;
            this.metrics = metrics;
            this.inbound = inbound;
            this.identifiedPeers = identifiedPeers;
            this.driver = driver;
        }

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            inbound.serve(request, metrics.measureResponder(request, responder));
        }

        @Override
        public boolean isProtected(PeerId peer) {
            return driver.routingSnapshot().contains(peer);
        }

        @Override
        public ConnectionGate gate() {
            return gate;
        }

        @Override
        public void onEvent(TransportEvent event) {
            identifiedPeers.onEvent(event);
            EngineEvent report = new EngineEvent.TransportReported(event);
            if (!(event instanceof TransportEvent.PeerIdentified)) {
                driver.post(report);
            } else if (!driver.offer(report)) {
                // The number of connections is limited, but not how often a peer pushes identify
                LOG.debug("engine overloaded: dropped {}", event);
            }
        }
    }
}
