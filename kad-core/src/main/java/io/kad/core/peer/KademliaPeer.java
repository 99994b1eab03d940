package io.kad.core.peer;

import static java.util.Objects.requireNonNull;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.RoutingTableView;
import io.kad.api.RoutingUpdate;
import io.kad.api.RunningQuery;
import io.kad.api.StoreSizes;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.FindPeerResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Transport;
import io.kad.core.engine.CommandId;
import io.kad.core.engine.EngineEvent;
import io.kad.core.future.QueryHandle;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Implementation of a peer. It turns calls of users into events of the engine, calls of the transport and calls of the stores. Thread-safe.
 */
final class KademliaPeer implements Kademlia {

    private static final Logger LOG = LoggerFactory.getLogger(KademliaPeer.class);

    private final PeerId self;
    private final KademliaConfig config;
    private final PeerComponents components;
    private final AtomicLong queryNumbers = new AtomicLong();
    private final AtomicLong commandNumbers = new AtomicLong();
    private final DirectCalls calls;
    private volatile Mode configuredMode;
    private final QueryControl queryControl = new QueryControl();
    /** Guards the order in which the engine gets external addresses, so that it ends with the same ones as this peer. */
    private final Object externalAddressOrder = new Object();

    private volatile Set<Multiaddr> externalAddresses = Set.of();

    KademliaPeer(PeerId self, KademliaConfig config, PeerComponents components) {
        this.self = self;
        this.config = config;
        this.configuredMode = config.get(KademliaConfig.MODE);
        this.components = components;
        this.calls = new DirectCalls(
                components.transport(), components.futures(), components.driver()::runAfterPendingEvents);
    }

    @Override
    public PeerId peerId() {
        return self;
    }

    @Override
    public KademliaConfig config() {
        return config;
    }

    @Override
    public Mode mode() {
        return components.driver().actionExecutor().isServing() ? Mode.SERVER : Mode.CLIENT;
    }

    @Override
    public CompletableFuture<Void> mode(Mode mode) {
        EngineEvent.SetMode command = new EngineEvent.SetMode(mode);
        CompletableFuture<Void> done = components.futures().newFuture();
        if (!done.isDone()) {
            offer(
                    command,
                    () -> {
                        configuredMode = command.mode();
                        components.futures().complete(done, null);
                    },
                    failure -> components.futures().fail(done, failure));
        }
        return done;
    }

    @Override
    public Mode configuredMode() {
        return configuredMode;
    }

    @Override
    public CompletableFuture<List<Multiaddr>> listen(Multiaddr address) {
        requireNonNull(address, "address");
        return calls.transport(callback -> {
            components.transport().listen(address, callback);
            return () -> {};
        });
    }

    @Override
    public List<Multiaddr> addresses() {
        Set<Multiaddr> addresses = new LinkedHashSet<>(externalAddresses);
        addresses.addAll(calls.read(Transport::listenAddresses));
        return List.copyOf(addresses);
    }

    @Override
    public CompletableFuture<Void> externalAddresses(Set<Multiaddr> addresses) {
        EngineEvent.SetExternalAddresses command = new EngineEvent.SetExternalAddresses(addresses);
        synchronized (externalAddressOrder) {
            Set<Multiaddr> previous = externalAddresses;
            externalAddresses = command.addresses();
            CompletableFuture<Void> done = components.futures().newFuture();
            if (!done.isDone() && !offer(command, done)) {
                externalAddresses = previous;
            }
            return done;
        }
    }

    @Override
    public Flow.Publisher<DhtEvent> events() {
        return components.events();
    }

    @Override
    public long droppedEvents() {
        return components.events().dropped();
    }

    // --- queries

    @Override
    public Query<ClosestPeersResult> getClosestPeers(Bytes key, int count) {
        return start(new QuerySpec.GetClosestPeers(key, count));
    }

    @Override
    public Query<FindPeerResult> findPeer(PeerId peer) {
        return start(new QuerySpec.FindPeer(peer));
    }

    @Override
    public Query<GetRecordResult> getRecord(RecordKey key, Quorum quorum) {
        return startForValues(new QuerySpec.GetRecord(key, quorum));
    }

    @Override
    public Query<PutResult> putRecord(Record record, Quorum quorum) {
        return startForValues(new QuerySpec.PutRecord(record, quorum));
    }

    @Override
    public Query<PutResult> putRecordTo(Record record, List<PeerInfo> peers, Quorum quorum) {
        return startForValues(new QuerySpec.PutRecordTo(record, peers, quorum));
    }

    @Override
    public Query<PutResult> startProviding(RecordKey key) {
        return startForProviders(new QuerySpec.StartProviding(key, addresses()));
    }

    @Override
    public Query<GetProvidersResult> getProviders(RecordKey key, int count) {
        return startForProviders(new QuerySpec.GetProviders(key, count));
    }

    @Override
    public Query<BootstrapResult> bootstrap() {
        return start(new QuerySpec.Bootstrap(self));
    }

    private <T> Query<T> startForValues(QuerySpec spec) {
        return config.get(KademliaConfig.VALUES_ENABLED)
                ? start(spec)
                : refuse(spec, "records are disabled (" + KademliaConfig.VALUES_ENABLED.name() + ")");
    }

    private <T> Query<T> startForProviders(QuerySpec spec) {
        return config.get(KademliaConfig.PROVIDERS_ENABLED)
                ? start(spec)
                : refuse(spec, "providers are disabled (" + KademliaConfig.PROVIDERS_ENABLED.name() + ")");
    }

    private <T> Query<T> start(QuerySpec spec) {
        Optional<String> problem = spec.reasonInvalid(config);
        if (problem.isPresent()) {
            return refuse(spec, problem.get());
        }
        QueryHandle<T> query = newHandle(spec);
        if (components.runningQueries().add(query)) {
            offer(
                    new EngineEvent.StartQuery(query.id(), spec),
                    () -> {},
                    failure -> components.runningQueries().fail(query.id(), failure));
            query.resendEarlyStop();
        }
        return query;
    }

    private <T> Query<T> refuse(QuerySpec spec, String reason) {
        QueryHandle<T> query = newHandle(spec);
        query.fail(new KadException.InvalidRequest(reason));
        return query;
    }

    private <T> QueryHandle<T> newHandle(QuerySpec spec) {
        return new QueryHandle<>(
                new QueryId(queryNumbers.incrementAndGet()),
                spec,
                components.callbackExecutor(),
                components.eventReplay(),
                queryControl);
    }

    /**
     * Posts a command to the engine.
     *
     * @param onProcessed called once the effects of the command are visible
     * @param onFailure called if the command is refused, or if the engine fails to process it
     * @return whether it was accepted
     */
    private boolean offer(EngineEvent command, Runnable onProcessed, Consumer<KadException> onFailure) {
        boolean accepted =
                components.driver().offer(command, failure -> failure.ifPresentOrElse(onFailure, onProcessed));
        if (!accepted) {
            onFailure.accept(new KadException.Overloaded("too many pending commands; retry later"));
        }
        return accepted;
    }

    @Override
    public List<RunningQuery> queries() {
        return components.runningQueries().running();
    }

    @Override
    public Optional<Query<?>> query(QueryId id) {
        return components.runningQueries().find(id);
    }

    // --- locally published records

    @Override
    public CompletableFuture<Boolean> removeRecord(RecordKey key) {
        requireNonNull(key, "key");
        return calls.store(components.stores().records(), store -> {
            // A store may call the change more than once; the last call is the one that counts
            AtomicBoolean removed = new AtomicBoolean();
            store.update(key, stored -> {
                removed.set(
                        stored.flatMap(Record::publisher).filter(self::equals).isPresent());
                return removed.get() ? Optional.empty() : stored;
            });
            return removed.get();
        });
    }

    @Override
    public CompletableFuture<Boolean> stopProviding(RecordKey key) {
        requireNonNull(key, "key");
        return calls.store(components.stores().providers(), store -> store.remove(key, self));
    }

    @Override
    public CompletableFuture<Boolean> storeTaken(InboundRequest request) {
        boolean stores =
                request.request() instanceof KadRequest.PutValue || request.request() instanceof KadRequest.AddProvider;
        if (!stores) {
            throw new IllegalArgumentException("request must be PUT_VALUE or ADD_PROVIDER");
        }
        CompletableFuture<Boolean> done = components.futures().newFuture();
        if (!done.isDone()) {
            components
                    .inbound()
                    .storeTaken(request, stored -> components.futures().complete(done, stored));
        }
        return done;
    }

    @Override
    public RecordStore recordStore() {
        return components.stores().records().userStore();
    }

    @Override
    public ProviderStore providerStore() {
        return components.stores().providers().userStore();
    }

    @Override
    public CompletableFuture<StoreSizes> storeSizes() {
        return calls.sizes(components.stores());
    }

    // --- routing table

    @Override
    public void addBootstrapPeers(Collection<PeerInfo> peers) {
        EngineEvent.BootstrapPeersAdded command = new EngineEvent.BootstrapPeersAdded(List.copyOf(peers));
        for (PeerInfo peer : command.peers()) {
            if (peer.addresses().isEmpty()) {
                throw new IllegalArgumentException("bootstrap peer " + peer.id() + " must have an address");
            }
        }
        components.driver().post(command);
        dialBootstrapPeers(command.peers());
    }

    /** Dials bootstrap peers, and logs which can't be reached. */
    void dialBootstrapPeers(List<PeerInfo> peers) {
        peers.stream().filter(peer -> !peer.id().equals(self)).forEach(this::dialBootstrapPeer);
    }

    private void dialBootstrapPeer(PeerInfo peer) {
        var unused = connect(peer, config.get(KademliaConfig.REQUEST_TIMEOUT)).whenComplete((connection, failure) -> {
            if (failure instanceof KadException.TransportFailed) {
                LOG.warn("cannot reach bootstrap peer {}: {}", peer.id(), failure.getMessage());
            }
        });
    }

    @Override
    public CompletableFuture<RoutingUpdate> addAddress(PeerId peer, Multiaddr address) {
        PeerInfo named = PeerInfo.of(peer, List.of(address));
        return calls.callThen(
                transport -> transport.trustAddresses(named),
                () -> command(id -> new EngineEvent.AddAddress(id, peer, address)));
    }

    @Override
    public CompletableFuture<Boolean> removeAddress(PeerId peer, Multiaddr address) {
        return command(id -> new EngineEvent.RemoveAddress(id, peer, address));
    }

    @Override
    public CompletableFuture<Boolean> removePeer(PeerId peer) {
        return command(id -> new EngineEvent.RemovePeer(id, peer));
    }

    /** Posts a command to the engine, and returns the future of its result. */
    private <T> CompletableFuture<T> command(Function<CommandId, EngineEvent> command) {
        CommandId id = new CommandId(commandNumbers.incrementAndGet());
        EngineEvent event = command.apply(id);
        CompletableFuture<T> result = components.commands().register(id);
        if (!result.isDone()) {
            offer(event, () -> {}, failure -> components.futures().fail(result, failure));
        }
        return result;
    }

    /** Posts {@code event} to the engine; {@code done} completes once its effects are visible. */
    private boolean offer(EngineEvent event, CompletableFuture<Void> done) {
        return offer(
                event,
                () -> components.futures().complete(done, null),
                failure -> components.futures().fail(done, failure));
    }

    @Override
    public RoutingTableView routingTable() {
        return components.driver().routingSnapshot().view();
    }

    @Override
    public List<Multiaddr> knownAddresses(PeerId peer) {
        List<Multiaddr> routed = components
                .driver()
                .routingSnapshot()
                .find(peer)
                .map(PeerInfo::addresses)
                .orElse(List.of());
        List<Multiaddr> identified =
                components.identifiedPeers().find(peer).map(PeerInfo::addresses).orElse(List.of());
        return Stream.concat(routed.stream(), identified.stream()).distinct().toList();
    }

    @Override
    public List<PeerInfo> closestLocalPeers(Bytes key, int count) {
        return components.driver().routingSnapshot().closest(KadKey.hash(key), count);
    }

    // --- connections

    @Override
    public CompletableFuture<ConnectionInfo> connect(PeerInfo peer, Duration timeout) {
        requireNonNull(peer, "peer");
        return calls.transport(callback -> {
            components.transport().trustAddresses(peer);
            return components.transport().connect(peer, timeout, callback);
        });
    }

    @Override
    public CompletableFuture<PeerIdentification> identify(PeerInfo peer, Duration timeout) {
        requireNonNull(peer, "peer");
        return calls.transport(callback -> components.transport().identify(peer, timeout, callback));
    }

    @Override
    public CompletableFuture<Duration> ping(PeerInfo peer, Duration timeout) {
        requireNonNull(peer, "peer");
        return calls.transport(callback -> components.transport().ping(peer, timeout, callback));
    }

    @Override
    public void disconnect(PeerId peer) {
        var unused = calls.read(transport -> {
            transport.disconnect(peer);
            return peer;
        });
    }

    @Override
    public List<ConnectionInfo> connections() {
        return calls.read(Transport::connections);
    }

    @Override
    public Map<String, Long> transportCounters() {
        return calls.read(Transport::counters);
    }

    @Override
    public void close() {
        components.close();
    }

    private final class QueryControl implements QueryHandle.Control {

        @Override
        public void finish(QueryId queryId) {
            components.driver().post(new EngineEvent.FinishQuery(queryId));
        }

        @Override
        public void cancel(QueryId queryId) {
            components.runningQueries().remove(queryId);
            components.driver().post(new EngineEvent.CancelQuery(queryId));
        }
    }
}
