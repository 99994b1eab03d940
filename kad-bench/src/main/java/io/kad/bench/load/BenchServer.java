package io.kad.bench.load;

import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.TransportOptions;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Kad node that only serves: its routing table has the peers that it is given, and it asks nobody. Thread-safe. */
final class BenchServer implements AutoCloseable {

    /** Requests, and entries to store, that a peer may send in a minute; other implementations have no such limit. */
    private static final int UNLIMITED = 100_000_000;

    private static final int MAX_CONNECTIONS = 2 * LoadPlan.MAX_CONNECTIONS;
    private static final int INBOUND_PERCENT = 99;

    private final Kademlia peer;

    /**
     * Starts a node.
     *
     * @param seed chooses its identity
     * @param options further options by name, which win over those of this class
     * @throws IllegalArgumentException if an option is unknown or its value is invalid
     */
    BenchServer(String protocol, long seed, Map<String, String> options) {
        KademliaConfig.Builder config = KademliaConfig.of(protocol).toBuilder()
                .set(KademliaConfig.MODE, Mode.SERVER)
                .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty())
                .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.empty())
                .set(KademliaConfig.REPLICATE_INTERVAL, Optional.empty())
                .set(KademliaConfig.MAX_CONNECTIONS, MAX_CONNECTIONS)
                .set(TransportOptions.INBOUND_CONNECTIONS_PERCENT, INBOUND_PERCENT)
                .set(TransportOptions.MAX_REQUESTS_PER_MINUTE, UNLIMITED)
                .set(TransportOptions.MAX_STORED_RECORDS_PER_MINUTE, UNLIMITED)
                .set(TransportOptions.MAX_STORED_PROVIDERS_PER_MINUTE, UNLIMITED);
        options.forEach(config::set);
        peer = Kademlia.builder()
                .identity(SeededIdentity.of("server", seed, 0))
                .config(config.build())
                .build();
    }

    /** Listens on an address; completes with the addresses, which end in {@code /p2p/PEERID}. */
    CompletableFuture<List<Multiaddr>> listen(Multiaddr address) {
        return peer.listen(address)
                .thenApply(bound -> bound.stream()
                        .map(each -> each.withPeerId(peer.peerId()))
                        .toList());
    }

    /** Puts {@code count} fabricated peers into the routing table. */
    void fillTable(int count, long seed) {
        CompletableFuture.allOf(FabricatedPeers.of(peer.peerId(), count, seed).stream()
                        .map(this::add)
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }

    private CompletableFuture<?> add(PeerInfo fabricated) {
        return peer.addAddress(fabricated.id(), fabricated.addresses().get(0));
    }

    Kademlia peer() {
        return peer;
    }

    @Override
    public void close() {
        peer.close();
    }
}
