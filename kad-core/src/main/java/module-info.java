/**
 * The state machines of a Kademlia peer and what drives them.
 *
 * <p>Users need nothing of it but the Guice module: {@code Kademlia.builder()} finds the rest. The simulator runs peers in an environment
 * of its choice.
 */
@SuppressWarnings("module") // the simulator is built later
module io.kad.core {
    requires transitive io.kad.api;
    requires org.slf4j;
    requires static com.google.guice;
    requires static micrometer.core;
    requires static org.jspecify;

    exports io.kad.core.inject;
    exports io.kad.core.micrometer;
    exports io.kad.core.peer to
            io.kad.sim;
    exports io.kad.core.runtime to
            io.kad.sim;

    uses io.kad.api.record.RecordValidator;
    uses io.kad.api.spi.store.PeerSnapshotStoreProvider;
    uses io.kad.api.spi.store.ProviderStoreProvider;
    uses io.kad.api.spi.store.RecordStoreProvider;
    uses io.kad.api.spi.transport.ConnectionGate;
    uses io.kad.api.spi.transport.TransportProvider;

    provides io.kad.api.KademliaBuilder.Factory with
            io.kad.core.peer.PeerBuilder.ServiceFactory;
}
