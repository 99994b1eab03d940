package io.kad.core.runtime;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Machine;
import io.kad.core.engine.Peers;
import io.kad.core.record.Validators;
import java.util.List;

/** A peer around a machine of the test's choice, with time and threads that move when the test says so. */
final class PeerFixture {

    final ManualEnvironment world = new ManualEnvironment();
    final ScriptedEngine engine = new ScriptedEngine();
    final RecordingTransport transport = new RecordingTransport();
    final HeapRecordStore records;
    final HeapProviderStore providers;
    int releases;
    final Kademlia peer;

    PeerFixture() {
        this(false);
    }

    PeerFixture(boolean storesBlock) {
        records = new HeapRecordStore(storesBlock);
        providers = new HeapProviderStore(storesBlock);
        peer = start(engine, world.environment());
    }

    Kademlia start(Machine<EngineEvent> machine, Environment environment) {
        Stores stores = new Stores(
                new StoreAccess<>(records, records.mayBlock(), records, environment.storeExecutor()),
                new StoreAccess<>(providers, providers.mayBlock(), () -> {}, environment.storeExecutor()));
        return new PeerAssembly(
                        Peers.peer(0),
                        KademliaConfig.of("/test/kad/1.0.0"),
                        new Validators(List.of()),
                        transport,
                        stores,
                        new EventPublisher<>(
                                new CallbackExecutor(environment.callbackExecutor()), PeerAssembly.EVENT_BUFFER),
                        environment,
                        () -> releases++)
                .start(machine);
    }
}
