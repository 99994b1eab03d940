/** The state machines of a Kademlia peer and what drives them. */
module io.kad.core {
    requires transitive io.kad.api;
    requires org.slf4j;
    requires static com.google.guice;
    requires static org.jspecify;

    exports io.kad.core.discovery;
    exports io.kad.core.engine;
    exports io.kad.core.inject;
    exports io.kad.core.query;
    exports io.kad.core.record;
    exports io.kad.core.routing;
    exports io.kad.core.runtime;
    exports io.kad.core.server;

    uses io.kad.api.record.RecordValidator;
    uses io.kad.api.spi.PeerSnapshotStoreProvider;
    uses io.kad.api.spi.ProviderStoreProvider;
    uses io.kad.api.spi.RecordStoreProvider;
    uses io.kad.api.spi.TransportProvider;

    provides io.kad.api.KademliaBuilder.Factory with
            io.kad.core.runtime.PeerBuilder.ServiceFactory;
}
