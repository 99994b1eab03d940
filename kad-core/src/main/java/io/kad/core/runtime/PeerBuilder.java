package io.kad.core.runtime;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.Kademlia;
import io.kad.api.KademliaBuilder;
import io.kad.api.KademliaConfig;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.InboundRequest;
import io.kad.api.spi.ProviderStore;
import io.kad.api.spi.RecordStore;
import io.kad.api.spi.Responder;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreException;
import io.kad.api.spi.Transport;
import io.kad.api.spi.TransportEvent;
import io.kad.api.spi.TransportHandler;
import io.kad.core.discovery.Discovery;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.KadEngine;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import io.kad.core.server.RequestHandler;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Puts peers together, of what it is given and what is found on the class and module path. */
public final class PeerBuilder implements KademliaBuilder {

    private static final int EVENT_BUFFER = 4096;

    private final Map<String, String> options = new HashMap<>();
    private final List<RecordValidator> validators = new ArrayList<>();
    private @Nullable Identity identity;
    private @Nullable KademliaConfig config;
    private @Nullable Transport transport;
    private @Nullable RecordStore recordStore;
    private @Nullable ProviderStore providerStore;
    private @Nullable Path dataDirectory;
    private @Nullable Executor callbackExecutor;
    private @Nullable Environment environment;
    private boolean discoversValidators = true;

    /** Makes a builder that is given nothing yet. */
    public PeerBuilder() {}

    /** Makes a builder; found by {@link java.util.ServiceLoader}. */
    public static final class ServiceFactory implements Factory {

        /** Made by {@link java.util.ServiceLoader}. */
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
    public PeerBuilder validator(RecordValidator validator) {
        validators.add(requireNonNull(validator, "validator"));
        return this;
    }

    /** Leaves the validators on the path alone: only those given are used. */
    public PeerBuilder onlyGivenValidators() {
        discoversValidators = false;
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

    /** Takes time, threads and chance from {@code environment}, as a simulation does, and not from this machine. */
    public PeerBuilder environment(Environment environment) {
        this.environment = requireNonNull(environment, "environment");
        return this;
    }

    @Override
    public Kademlia build() {
        Identity self = identity;
        KademliaConfig behaviour = config;
        if (self == null || behaviour == null) {
            throw new IllegalStateException("a peer needs " + (self == null ? "an identity" : "")
                    + (self == null && behaviour == null ? " and " : "") + (behaviour == null ? "a config" : ""));
        }
        Environment given = environment;
        boolean shared = given == null;
        Environment used = given == null ? threadsOfThisProcess() : given;
        try {
            return assemble(self, behaviour, used, shared ? SharedThreads::release : () -> {});
        } catch (RuntimeException failed) {
            if (shared) {
                SharedThreads.release();
            }
            throw failed;
        }
    }

    private Environment threadsOfThisProcess() {
        SharedThreads.Pools pools = SharedThreads.acquire();
        Executor callbacks = callbackExecutor;
        return new Environment(
                pools.engine(),
                pools.store(),
                callbacks == null ? pools.callback() : callbacks,
                (delay, task) -> {
                    var scheduled = pools.timer().schedule(task, delay, TimeUnit.NANOSECONDS);
                    return () -> scheduled.cancel(false);
                },
                System::nanoTime,
                InstantSource.system(),
                new SecureRandom().nextLong());
    }

    private Kademlia assemble(Identity self, KademliaConfig behaviour, Environment used, Runnable releaseEnvironment) {
        SpiContext context = new SpiContext(
                self.peerId(), used.wallClock(), Optional.ofNullable(dataDirectory), options, used.storeExecutor());
        Discovery discovery = new Discovery(context, behaviour);
        List<RecordValidator> rules = new ArrayList<>(validators);
        if (discoversValidators) {
            rules.addAll(discovery.validators());
        }
        Validators known = new Validators(rules);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            Stores stores = openStores(discovery, used, opened);
            Transport wire = transport == null ? discovery.transport(self) : transport;
            return start(self.peerId(), behaviour, used, known, stores, wire, releaseEnvironment);
        } catch (RuntimeException | StoreException failed) {
            closeAll(opened, failed);
            throw new IllegalStateException(failed.getMessage(), failed);
        }
    }

    private Stores openStores(Discovery discovery, Environment used, List<AutoCloseable> opened) throws StoreException {
        RecordStore records = recordStore;
        if (records == null) {
            records = discovery.recordStore();
            opened.add(records);
        }
        ProviderStore providers = providerStore;
        if (providers == null) {
            providers = discovery.providerStore();
            opened.add(providers);
        }
        return new Stores(records, recordStore == null, providers, providerStore == null, used.storeExecutor());
    }

    private static void closeAll(List<AutoCloseable> opened, Exception cause) {
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (Exception second) {
                cause.addSuppressed(second);
            }
        }
    }

    private static Kademlia start(
            PeerId self,
            KademliaConfig behaviour,
            Environment used,
            Validators validators,
            Stores stores,
            Transport wire,
            Runnable releaseEnvironment) {
        EventPublisher<DhtEvent> events = new EventPublisher<>(used.callbackExecutor(), EVENT_BUFFER);
        EngineDriver driver = new EngineDriver(
                new KadEngine(self, behaviour, validators, new SplittableRandom(used.seed())),
                used,
                wire,
                stores,
                RoutingSnapshot.empty(self),
                events::publish);
        KademliaPeer peer = new KademliaPeer(
                self,
                behaviour,
                new PeerParts(
                        driver,
                        wire,
                        stores,
                        new PeerCalls(stores, used.callbackExecutor()),
                        events,
                        used,
                        releaseEnvironment,
                        new AtomicBoolean()));
        KnownPeers known = new KnownPeers();
        InboundService inbound = new InboundService(
                new RequestHandler(self, behaviour, validators),
                stores,
                () -> new RequestHandler.View(
                        driver.table(),
                        known::find,
                        peer.addresses(),
                        used.wallClock().instant()),
                events::publish);
        wire.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                inbound.serve(request, responder);
            }

            @Override
            public void onEvent(TransportEvent event) {
                known.take(event);
                driver.post(new EngineEvent.TransportReported(event));
            }
        });
        driver.post(new EngineEvent.SetMode(behaviour.get(KademliaConfig.MODE)));
        return peer;
    }
}
