package io.kad.sim;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.message.PeerInfo;
import io.kad.core.peer.PeerBuilder;
import io.kad.core.runtime.Environment;
import io.kad.sim.network.LazyProviderStore;
import io.kad.sim.network.LazyRecordStore;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.VirtualTime;
import io.kad.store.memory.MemoryProviderStore;
import io.kad.store.memory.MemoryRecordStore;
import io.kad.store.memory.MemoryStoreLimits;
import java.util.List;

/** Factory of the production code of each peer, with the clock and the transport of the simulation. */
final class PeerFactory {

    private final KademliaConfig serverConfig;
    private final KademliaConfig clientConfig;
    private final MemoryStoreLimits limits;
    private final VirtualTime time;

    PeerFactory(KademliaConfig config, MemoryStoreLimits limits, VirtualTime time) {
        this.serverConfig = config;
        this.clientConfig = config.toBuilder().mode(Mode.CLIENT).build();
        this.limits = limits;
        this.time = time;
    }

    int bucketSize() {
        return serverConfig.get(KademliaConfig.BUCKET_SIZE);
    }

    /**
     * Returns a running instance of {@code peer}.
     *
     * @param tablePeers peers that enter its routing table first
     * @param seed seed of its random choices
     */
    Kademlia create(SimPeer peer, List<PeerInfo> tablePeers, long seed) {
        SimPeer.Threads threads = peer.threads();
        return new PeerBuilder()
                .identity(peer.identity())
                .config(peer.isClient() ? clientConfig : serverConfig)
                .transport(peer.transport())
                .storeFactories(
                        context -> new LazyRecordStore(
                                () -> new MemoryRecordStore(peer.id(), context.clock(), limits.records())),
                        context -> new LazyProviderStore(
                                () -> new MemoryProviderStore(peer.id(), context.clock(), limits.providers())))
                .withoutOptionalPlugins()
                .environment(new Environment(threads, threads, threads, threads, time::nanos, peer::wallClock, seed))
                .savedPeers(tablePeers)
                .build();
    }
}
