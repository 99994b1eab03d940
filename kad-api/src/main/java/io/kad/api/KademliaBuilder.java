package io.kad.api;

import io.kad.api.id.Multiaddr;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.RecordValidator;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.Transport;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;

/**
 * Builder of a peer.
 *
 * <p>Transport, stores and validators are found by {@link ServiceLoader}, unless they are passed to the builder. Of the instances that are
 * passed, only the transport is closed with the peer. A builder must be used once and by one thread.
 */
public interface KademliaBuilder {

    /** Sets the identity of the peer; required. */
    KademliaBuilder identity(Identity identity);

    /** Sets the configuration of the peer; required. */
    KademliaBuilder config(KademliaConfig config);

    /** Uses {@code transport}, which must authenticate with the identity of the peer; it is closed with the peer. */
    KademliaBuilder transport(Transport transport);

    /**
     * Adds a peer through which the new peer joins the network, such as {@code /ip4/192.0.2.7/tcp/4001/p2p/ID}; see {@link
     * #bootstrapPeer(PeerInfo)}.
     *
     * @throws IllegalArgumentException if {@code address} does not end in {@code /p2p/ID}, or has no address before it
     */
    default KademliaBuilder bootstrapPeer(Multiaddr address) {
        return bootstrapPeer(PeerInfo.of(address));
    }

    /**
     * Adds a peer through which the new peer joins the network.
     *
     * <p>It is in the routing table, as disconnected, when {@link #build} returns. The new peer then connects to it, logs a warning if it
     * can't be reached, and refreshes its routing table after {@link KademliaConfig#BOOTSTRAP_THROTTLE}; if that is off, call {@link
     * Kademlia#bootstrap}. Several calls for one peer add addresses. The ID of the local peer is skipped, so that all peers of a network
     * can use the same list.
     *
     * @throws IllegalArgumentException if {@code peer} has no address, or one that ends in the ID of another peer
     */
    KademliaBuilder bootstrapPeer(PeerInfo peer);

    /** Adds peers as {@link #bootstrapPeer(Multiaddr)} adds each. */
    default KademliaBuilder bootstrapPeers(Multiaddr... addresses) {
        return bootstrapPeers(List.of(addresses));
    }

    /** Adds peers as {@link #bootstrapPeer(Multiaddr)} adds each. */
    default KademliaBuilder bootstrapPeers(Collection<Multiaddr> addresses) {
        addresses.forEach(this::bootstrapPeer);
        return this;
    }

    /** Uses {@code store} for records. */
    KademliaBuilder recordStore(RecordStore store);

    /** Uses {@code store} for provider records. */
    KademliaBuilder providerStore(ProviderStore store);

    /** Saves the peers of the routing table in {@code store}, and inserts them again after a restart. */
    KademliaBuilder peerSnapshotStore(PeerSnapshotStore store);

    /** Adds the validator of a namespace; may be called several times, once for each namespace. */
    KademliaBuilder validator(RecordValidator validator);

    /** Uses {@code filter} to select the received records and provider records that are stored. Default: all are stored. */
    KademliaBuilder storeFilter(StoreFilter filter);

    /** Adds a gate of the connections of the peer; may be called several times, and each gate must allow a connection. */
    KademliaBuilder connectionGate(ConnectionGate gate);

    /** Sets the directory in which plug-ins may store files. Default: none. */
    KademliaBuilder dataDirectory(Path directory);

    /** Sets an option of the plug-ins, such as {@code memory.max-records}; the options are documented at each plug-in. */
    KademliaBuilder option(String name, String value);

    /** Reports the metrics of the peer to {@code metrics}. Default: none are measured. */
    KademliaBuilder metrics(Metrics metrics);

    /** Completes futures and emits events on {@code executor}. Default: a bounded pool of this peer, without threads while idle. */
    KademliaBuilder callbackExecutor(Executor executor);

    /**
     * Returns a running peer, which the caller must close.
     *
     * @throws IllegalStateException if a required part is missing, two plug-ins conflict, or one can't be created; the message lists all
     *     problems, and a retry fails again until they are solved
     */
    Kademlia build();

    /** Factory of builders, which {@link ServiceLoader} finds in kad-core. */
    interface Factory {

        /** Returns a new builder. */
        KademliaBuilder create();
    }

    /**
     * Returns a builder of the {@link Factory} on the class or module path.
     *
     * @throws IllegalStateException if there is no factory
     */
    static KademliaBuilder load() {
        return ServiceLoader.load(Factory.class, KademliaBuilder.class.getClassLoader()).stream()
                .findFirst()
                .or(() -> ServiceLoader.load(Factory.class).stream().findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        "missing implementation of kad: add kad-core to the class path or module path"))
                .get()
                .create();
    }
}
