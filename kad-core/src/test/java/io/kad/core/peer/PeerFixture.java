package io.kad.core.peer;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Newest;
import io.kad.core.engine.Peers;
import io.kad.core.engine.StateMachine;
import io.kad.core.metrics.PeerMetrics;
import io.kad.core.plugin.PluginCloser;
import io.kad.core.record.RecordRules;
import io.kad.core.record.Validators;
import io.kad.core.runtime.Environment;
import io.kad.core.runtime.InboundQuotas;
import io.kad.core.runtime.ManualEnvironment;
import io.kad.core.runtime.RecordingTransport;
import io.kad.core.runtime.ScriptedEngine;
import io.kad.core.runtime.SlowCallDetectors;
import io.kad.core.runtime.StallingValidator;
import io.kad.core.runtime.StoreAccess;
import io.kad.core.runtime.Stores;
import java.util.List;
import java.util.Optional;

/** A peer around a machine of the test's choice, with time and threads that move when the test says so. */
public final class PeerFixture {

    public final ManualEnvironment world = new ManualEnvironment();
    public final ScriptedEngine engine = new ScriptedEngine();
    public final RecordingTransport transport = new RecordingTransport();
    public final HeapRecordStore records;
    public final HeapProviderStore providers;
    /** Rules the namespace "stalling", and lets time pass in each call. */
    public final StallingValidator validator = new StallingValidator(world);
    /** Set by tests that filter. */
    public StoreFilter filter = StoreFilter.NONE;

    /** Set by tests that measure, before they start a peer. */
    PeerMetrics metrics = PeerMetrics.none();

    public int releases;
    public final InboundQuotas quotas;
    public final Kademlia peer;

    private final KademliaConfig config;

    public PeerFixture() {
        this(false);
    }

    public PeerFixture(KademliaConfig config) {
        this(false, config);
    }

    public PeerFixture(boolean storesBlock) {
        this(storesBlock, KademliaConfig.of("/test/kad/1.0.0"));
    }

    private PeerFixture(boolean storesBlock, KademliaConfig config) {
        this.config = config;
        quotas = new InboundQuotas(config, Peers.peer(0));
        records = new HeapRecordStore(storesBlock);
        providers = new HeapProviderStore(storesBlock);
        peer = start(engine, world.environment());
    }

    Kademlia start(StateMachine<EngineEvent> machine, Environment environment) {
        SlowCallDetectors watches = SlowCallDetectors.by(environment.nanoTime());
        Stores stores = new Stores(
                new StoreAccess<>(
                        records,
                        watches.wrapRecordStore(records),
                        records.mayBlock(),
                        records,
                        environment.storeExecutor(),
                        environment.engineExecutor()),
                new StoreAccess<>(
                        providers,
                        watches.wrapProviderStore(providers),
                        providers.mayBlock(),
                        () -> {},
                        environment.storeExecutor(),
                        environment.engineExecutor()));
        return new PeerAssembler(
                        Peers.peer(0),
                        config,
                        new RecordRules(
                                Peers.peer(0),
                                config,
                                watches.wrapValidators(new Validators(List.of(new Newest("newest"), validator)))),
                        watches.wrapTransport(transport),
                        metrics.measureStores(stores),
                        Optional.empty(),
                        new StoreFilter() {
                            @Override
                            public Decision decideRecord(InboundRequest request, Record record) {
                                return filter.decideRecord(request, record);
                            }

                            @Override
                            public Decision decideProvider(InboundRequest request, ProviderRecord record) {
                                return filter.decideProvider(request, record);
                            }
                        },
                        ConnectionGate.OPEN,
                        quotas,
                        PeerAssembler.publisher(environment.callbackExecutor()),
                        metrics,
                        environment,
                        PluginCloser.onThisThread(),
                        () -> releases++)
                .start(machine, List.of(), List.of());
    }
}
