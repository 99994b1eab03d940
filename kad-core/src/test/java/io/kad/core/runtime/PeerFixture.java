package io.kad.core.runtime;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.StoreFilter;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.StateMachine;
import io.kad.core.engine.Newest;
import io.kad.core.engine.Peers;
import io.kad.core.record.Validators;
import java.util.List;
import java.util.Optional;

/** A peer around a machine of the test's choice, with time and threads that move when the test says so. */
final class PeerFixture {

    final ManualEnvironment world = new ManualEnvironment();
    final ScriptedEngine engine = new ScriptedEngine();
    final RecordingTransport transport = new RecordingTransport();
    final HeapRecordStore records;
    final HeapProviderStore providers;
    /** Set by tests that filter. */
    StoreFilter filter = StoreFilter.NONE;

    int releases;
    final Kademlia peer;

    private final KademliaConfig config;

    PeerFixture() {
        this(false);
    }

    PeerFixture(KademliaConfig config) {
        this(false, config);
    }

    PeerFixture(boolean storesBlock) {
        this(storesBlock, KademliaConfig.of("/test/kad/1.0.0"));
    }

    private PeerFixture(boolean storesBlock, KademliaConfig config) {
        this.config = config;
        records = new HeapRecordStore(storesBlock);
        providers = new HeapProviderStore(storesBlock);
        peer = start(engine, world.environment());
    }

    Kademlia start(StateMachine<EngineEvent> machine, Environment environment) {
        Stores stores = new Stores(
                new StoreAccess<>(records, records.mayBlock(), records, environment.storeExecutor()),
                new StoreAccess<>(providers, providers.mayBlock(), () -> {}, environment.storeExecutor()));
        return new PeerAssembler(
                        Peers.peer(0),
                        config,
                        new Validators(List.of(new Newest("newest"))),
                        transport,
                        stores,
                        Optional.empty(),
                        new StoreFilter() {
                            @Override
                            public boolean acceptRecord(PeerId from, Record record) {
                                return filter.acceptRecord(from, record);
                            }

                            @Override
                            public boolean acceptProvider(PeerId from, ProviderRecord record) {
                                return filter.acceptProvider(from, record);
                            }
                        },
                        new EventPublisher<>(
                                new CallbackExecutor(environment.callbackExecutor()), PeerAssembler.EVENT_BUFFER),
                        environment,
                        () -> releases++)
                .start(machine, List.of());
    }
}
