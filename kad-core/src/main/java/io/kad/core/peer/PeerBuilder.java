package io.kad.core.peer;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.Transport;
import io.kad.core.event.EventPublisher;
import io.kad.core.metrics.PeerMetrics;
import io.kad.core.plugin.PluginCloser;
import io.kad.core.plugin.PluginDiscovery;
import io.kad.core.plugin.Plugins;
import io.kad.core.record.RecordRules;
import io.kad.core.record.Validators;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.InboundQuotas;
import io.kad.core.runtime.SharedThreads;
import io.kad.core.runtime.SlewedClock;
import io.kad.core.runtime.SlewedClockProviderStore;
import io.kad.core.runtime.SlewedClockRecordStore;
import io.kad.core.runtime.SlowCallDetectors;
import io.kad.core.runtime.StoreAccess;
import io.kad.core.runtime.Stores;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Builder of peers, from given components and from plug-ins on the class path and the module path. Not thread-safe. */
public final class PeerBuilder implements KademliaBuilder {

    private final Map<String, String> options = new HashMap<>();
    private final List<RecordValidator> validators = new ArrayList<>();
    private final Map<PeerId, Set<Multiaddr>> bootstrapPeers = new LinkedHashMap<>();
    private @Nullable Identity identity;
    private @Nullable KademliaConfig config;
    private @Nullable Transport transport;
    private @Nullable RecordStore recordStore;
    private @Nullable ProviderStore providerStore;
    private @Nullable Function<SpiContext, RecordStore> recordStoreFactory;
    private @Nullable Function<SpiContext, ProviderStore> providerStoreFactory;
    private @Nullable PeerSnapshotStore peerSnapshotStore;
    private StoreFilter filter = StoreFilter.NONE;
    private final List<ConnectionGate> gates = new ArrayList<>();
    private Metrics metrics = Metrics.NONE;
    private @Nullable Path dataDirectory;
    private @Nullable Executor callbackExecutor;
    private @Nullable Environment environment;
    private List<PeerInfo> savedPeers = List.of();
    private boolean discoversOptional = true;
    private final EarlyPlugins earlyPlugins = new EarlyPlugins();

    /** Creates a builder without settings. */
    public PeerBuilder() {}

    /** Factory of builders, found by {@link java.util.ServiceLoader}. */
    public static final class ServiceFactory implements Factory {

        /** Called by {@link java.util.ServiceLoader}. */
        public ServiceFactory() {}

        @Override
        public KademliaBuilder create() {
            return new PeerBuilder();
        }
    }

    @Override
    public PeerBuilder identity(Identity identity) {
        this.identity = requireNonNull(identity, "identity");
        return this;
    }

    @Override
    public PeerBuilder config(KademliaConfig config) {
        this.config = requireNonNull(config, "config");
        return this;
    }

    @Override
    public PeerBuilder transport(Transport transport) {
        this.transport = requireNonNull(transport, "transport");
        return this;
    }

    @Override
    public PeerBuilder bootstrapPeer(PeerInfo peer) {
        if (peer.addresses().isEmpty()) {
            throw new IllegalArgumentException("bootstrap peer " + peer.id() + " must have an address");
        }
        Set<Multiaddr> addresses = bootstrapPeers.computeIfAbsent(peer.id(), id -> new LinkedHashSet<>());
        for (Multiaddr address : peer.addresses()) {
            addresses.add(address.withPeerId(peer.id())
                    .withoutPeerId()
                    .orElseThrow(() ->
                            new IllegalArgumentException("bootstrap peer " + peer.id() + " must have an address")));
        }
        return this;
    }

    @Override
    public PeerBuilder recordStore(RecordStore store) {
        this.recordStore = requireNonNull(store, "store");
        return this;
    }

    @Override
    public PeerBuilder providerStore(ProviderStore store) {
        this.providerStore = requireNonNull(store, "store");
        return this;
    }

    @Override
    public PeerBuilder peerSnapshotStore(PeerSnapshotStore store) {
        this.peerSnapshotStore = requireNonNull(store, "store");
        return this;
    }

    @Override
    public PeerBuilder validator(RecordValidator validator) {
        validators.add(requireNonNull(validator, "validator"));
        return this;
    }

    /** Disables the discovery of optional plug-ins, the validators, the connection gates and the peer snapshot store: only those passed to this builder are used. */
    public PeerBuilder withoutOptionalPlugins() {
        discoversOptional = false;
        return this;
    }

    @Override
    public PeerBuilder storeFilter(StoreFilter filter) {
        this.filter = requireNonNull(filter, "filter");
        return this;
    }

    @Override
    public PeerBuilder connectionGate(ConnectionGate gate) {
        gates.add(requireNonNull(gate, "gate"));
        return this;
    }

    @Override
    public PeerBuilder metrics(Metrics metrics) {
        this.metrics = requireNonNull(metrics, "metrics");
        return this;
    }

    @Override
    public PeerBuilder dataDirectory(Path directory) {
        this.dataDirectory = requireNonNull(directory, "directory");
        return this;
    }

    @Override
    public PeerBuilder option(String name, String value) {
        options.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
        return this;
    }

    @Override
    public PeerBuilder callbackExecutor(Executor executor) {
        this.callbackExecutor = requireNonNull(executor, "executor");
        return this;
    }

    /**
     * Sets the factories of the stores, in place of plug-ins that are discovered. The stores must follow the clock of the context, and are
     * closed with the peer.
     */
    public PeerBuilder storeFactories(
            Function<SpiContext, RecordStore> records, Function<SpiContext, ProviderStore> providers) {
        this.recordStoreFactory = requireNonNull(records, "records");
        this.providerStoreFactory = requireNonNull(providers, "providers");
        return this;
    }

    /** Inserts {@code peers} into the routing table at the start, as disconnected peers. Peers whose bucket is full are skipped. */
    public PeerBuilder savedPeers(List<PeerInfo> peers) {
        this.savedPeers = List.copyOf(peers);
        return this;
    }

    /** Sets the clocks, executors and random seed of the peer, as a simulation does. Default: system clocks and shared thread pools. */
    public PeerBuilder environment(Environment environment) {
        this.environment = requireNonNull(environment, "environment");
        return this;
    }

    /**
     * Returns the context of a plug-in that the caller creates before the peer, and passes to this builder.
     *
     * <p>Its data directory, options and receiver of metrics are those that the builder has now. Its clock is the wall clock. Its executor runs
     * nothing before the peer is built.
     *
     * @param self the identity of the peer to build
     */
    public SpiContext contextOf(Identity self) {
        Environment given = environment;
        return new SpiContext(
                self.peerId(),
                given == null ? InstantSource.system() : given.wallClock(),
                Optional.ofNullable(dataDirectory),
                options,
                earlyPlugins,
                earlyPlugins,
                PeerMetrics.ofPlugins(metrics));
    }

    @Override
    public Kademlia build() {
        Identity who = identity;
        KademliaConfig behaviour = config;
        if (who == null || behaviour == null) {
            throw new IllegalStateException(
                    who != null
                            ? "missing config: call config(...)"
                            : behaviour != null
                                    ? "missing identity: call identity(...)"
                                    : "missing identity and config: call identity(...) and config(...)");
        }
        Environment given = environment;
        if (given != null) {
            // Simulated time does not pass during a call, so there is nothing to measure
            return build(who, behaviour, given, SlowCallDetectors.none(), PluginCloser.onThisThread(), () -> {});
        }
        SharedThreads.Pools pools = SharedThreads.acquire();
        ExecutorService callbackPool = pools.newCallbackPool();
        AtomicReference<Future<?>> looks = new AtomicReference<>();
        Runnable release = () -> {
            Future<?> scheduled = looks.get();
            if (scheduled != null) {
                scheduled.cancel(false);
            }
            pools.end(callbackPool);
            SharedThreads.release();
        };
        boolean built = false;
        try {
            Environment created = environmentOf(pools, callbackPool);
            SlowCallDetectors detectors = SlowCallDetectors.by(created.nanoTime());
            long interval = SlowCallDetectors.LOOK_INTERVAL.toNanos();
            looks.set(pools.timer()
                    .scheduleWithFixedDelay(detectors::lookAtRunningCalls, interval, interval, TimeUnit.NANOSECONDS));
            Kademlia peer =
                    build(who, behaviour, created, detectors, PluginCloser.waitingUpTo(PluginCloser.LIMIT), release);
            built = true;
            return peer;
        } finally {
            if (!built) {
                release.run();
            }
        }
    }

    private static Environment environmentOf(SharedThreads.Pools pools, Executor callbackPool) {
        // The clock starts at 0, so that sums of nanoseconds can't overflow
        long origin = System.nanoTime();
        return new Environment(
                pools.engine(),
                pools.store(),
                callbackPool,
                (delay, task) -> {
                    var scheduled = pools.timer().schedule(task, delay, TimeUnit.NANOSECONDS);
                    return () -> scheduled.cancel(false);
                },
                () -> System.nanoTime() - origin,
                InstantSource.system(),
                new SecureRandom().nextLong());
    }

    private Kademlia build(
            Identity who,
            KademliaConfig behaviour,
            Environment basis,
            SlowCallDetectors detectors,
            PluginCloser closer,
            Runnable release) {
        Executor callbacks = callbackExecutor;
        Environment used = callbacks == null ? basis : basis.withCallbackExecutor(callbacks);
        EventPublisher<DhtEvent> events = PeerAssembler.publisher(used.callbackExecutor());
        SlewedClock lifetimes = new SlewedClock(used.nanoTime(), used.wallClock());
        InboundQuotas quotas = new InboundQuotas(behaviour, who.peerId());
        PeerMetrics measures = PeerMetrics.of(metrics, used.nanoTime());
        StoreEvents evictions = new StoreEvents(measures.measureEvents(events::emit), quotas);
        SpiContext context = context(who, used, used.wallClock(), evictions);
        SpiContext recordContext = context(who, used, lifetimes::earlierOfBoth, evictions);
        SpiContext providerContext = context(who, used, lifetimes, evictions);
        PluginDiscovery discovery = new PluginDiscovery(context, behaviour);
        try (Plugins plugins = new Plugins()) {
            Validators rules = detectors.wrapValidators(plugins.validators(validators, discoversOptional));
            ConnectionGate gate = detectors.wrapGates(plugins.connectionGates(gates, discoversOptional));
            Supplier<RecordStore> records = plugins.slot(
                    created(recordStore, recordStoreFactory, recordContext),
                    discovery::recordStore,
                    provider -> provider.create(recordContext));
            Supplier<ProviderStore> providers = plugins.slot(
                    created(providerStore, providerStoreFactory, providerContext),
                    discovery::providerStore,
                    provider -> provider.create(providerContext));
            Supplier<Transport> wire =
                    plugins.slot(transport, discovery::transport, provider -> provider.create(context, who, behaviour));
            Optional<Supplier<PeerSnapshotStore>> peers = plugins.optionalSlot(
                    peerSnapshotStore,
                    () -> discoversOptional ? discovery.peerSnapshotStore() : Optional.empty(),
                    provider -> provider.create(context));
            plugins.check();
            Stores stores = measures.measureStores(
                    stores(records.get(), providers.get(), quotas, lifetimes, detectors, who.peerId(), used));
            Optional<PeerSnapshots> snapshots = peers.map(store -> snapshots(store.get(), behaviour, used));
            Kademlia peer = new PeerAssembler(
                            who.peerId(),
                            behaviour,
                            new RecordRules(who.peerId(), behaviour, rules, lifetimes::steady),
                            detectors.wrapTransport(wire.get()),
                            stores,
                            snapshots,
                            filter,
                            gate,
                            quotas,
                            events,
                            measures,
                            used,
                            closer,
                            release)
                    .start(bootstrapPeers(), savedPeers(snapshots));
            plugins.handOver();
            earlyPlugins.start(used.storeExecutor(), evictions);
            return peer;
        }
    }

    private PeerSnapshots snapshots(PeerSnapshotStore store, KademliaConfig behaviour, Environment used) {
        return new PeerSnapshots(
                access(store, same -> same, same -> same, peerSnapshotStore == null, always -> true, used),
                used.timer(),
                behaviour.get(KademliaConfig.PEER_SNAPSHOT_INTERVAL));
    }

    /** Returns the access to the stores; one that the user passed keeps the clock that the user gave it. */
    private Stores stores(
            RecordStore records,
            ProviderStore providers,
            InboundQuotas quotas,
            SlewedClock lifetimes,
            SlowCallDetectors detectors,
            PeerId self,
            Environment used) {
        quotas.useStores(records, providers);
        boolean ownRecords = recordStore == null;
        boolean ownProviders = providerStore == null;
        return new Stores(
                access(
                        records,
                        store -> ownRecords ? new SlewedClockRecordStore(store, lifetimes, self) : store,
                        detectors::wrapRecordStore,
                        ownRecords,
                        RecordStore::mayBlock,
                        used),
                access(
                        providers,
                        store -> ownProviders ? new SlewedClockProviderStore(store, lifetimes) : store,
                        detectors::wrapProviderStore,
                        ownProviders,
                        ProviderStore::mayBlock,
                        used));
    }

    private SpiContext context(Identity who, Environment used, InstantSource clock, StoreEvents evictions) {
        return new SpiContext(
                who.peerId(),
                clock,
                Optional.ofNullable(dataDirectory),
                options,
                used.storeExecutor(),
                evictions,
                PeerMetrics.ofPlugins(metrics));
    }

    private static <S> @Nullable S created(
            @Nullable S given, @Nullable Function<SpiContext, S> factory, SpiContext context) {
        return given == null && factory != null ? factory.apply(context) : given;
    }

    private List<PeerInfo> bootstrapPeers() {
        return bootstrapPeers.entrySet().stream()
                .map(peer -> PeerInfo.of(peer.getKey(), List.copyOf(peer.getValue())))
                .toList();
    }

    private List<PeerInfo> savedPeers(Optional<PeerSnapshots> snapshots) {
        List<PeerInfo> peers = new ArrayList<>(savedPeers);
        snapshots.ifPresent(saver -> peers.addAll(saver.load()));
        return peers;
    }

    /** Listener that turns notifications of a store into events of the peer, and releases the quotas of what was evicted. */
    private record StoreEvents(Consumer<DhtEvent> events, InboundQuotas quotas) implements StoreListener {

        @Override
        public Iterator<RecordKey> recordsOverShare(RecordKey incoming) {
            return quotas.recordsOverShare(incoming);
        }

        @Override
        public Iterator<Provided> providersOverShare(Provided incoming) {
            return quotas.providersOverShare(incoming);
        }

        @Override
        public void recordEvicted(Record evicted, Record closer) {
            quotas.recordEvicted(evicted, closer);
            events.accept(new DhtEvent.RecordEvicted(evicted.key(), closer.key()));
        }

        @Override
        public void providerEvicted(RecordKey key, PeerId provider) {
            quotas.providerEvicted(key, provider);
        }
    }

    /**
     * Returns the access to {@code store}, which users get as it is; this peer calls it through {@code detecting} and, around that,
     * {@code converted}.
     */
    private static <S extends AutoCloseable> StoreAccess<S> access(
            S store,
            UnaryOperator<S> converted,
            UnaryOperator<S> detecting,
            boolean created,
            Predicate<S> mayBlock,
            Environment used) {
        try {
            return new StoreAccess<>(
                    store.getClass().getName(),
                    store,
                    converted.apply(detecting.apply(store)),
                    mayBlock.test(store),
                    created ? store : () -> {},
                    used.storeExecutor(),
                    used.engineExecutor());
        } catch (Throwable e) {
            throw new IllegalStateException("store " + store.getClass().getName() + " failed at the start: " + e, e);
        }
    }
}
