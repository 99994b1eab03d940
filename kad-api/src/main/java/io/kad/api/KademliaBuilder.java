package io.kad.api;

import io.kad.api.record.RecordValidator;
import io.kad.api.spi.store.PeerSnapshotStore;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.store.StoreFilter;
import io.kad.api.spi.transport.Transport;
import java.nio.file.Path;
import java.util.ServiceLoader;
import java.util.concurrent.Executor;

/**
 * Puts a peer together.
 *
 * <p>An instance given here wins over what {@link ServiceLoader} finds. Instances that were given are not closed with the
 * peer, but the transport is. A builder is used once and by one thread.
 */
public interface KademliaBuilder {

    /** Sets who the peer is; required. */
    KademliaBuilder identity(Identity identity);

    /** Sets the configuration; required. */
    KademliaBuilder config(KademliaConfig config);

    /** Uses {@code transport}, which must prove the identity given and is closed with the peer. */
    KademliaBuilder transport(Transport transport);

    /** Uses {@code store} for records. */
    KademliaBuilder recordStore(RecordStore store);

    /** Uses {@code store} for provider records. */
    KademliaBuilder providerStore(ProviderStore store);

    /** Keeps the peers of the routing table in {@code store}, over a restart. */
    KademliaBuilder peerSnapshotStore(PeerSnapshotStore store);

    /** Adds the validator of a namespace; may be called for several. */
    KademliaBuilder validator(RecordValidator validator);

    /** Lets {@code filter} decide what of others is kept. */
    KademliaBuilder inboundFilter(StoreFilter filter);

    /** Lets stores keep files below {@code directory}. */
    KademliaBuilder dataDirectory(Path directory);

    /** Passes an option to the plug-ins. */
    KademliaBuilder option(String name, String value);

    /** Runs what users are told, such as completed futures and events, on {@code executor}; a pool of its own by default. */
    KademliaBuilder callbackExecutor(Executor executor);

    /**
     * Returns a running peer.
     *
     * @throws IllegalStateException if something required is missing, two plug-ins conflict, or one can't be made; the message
     *     names all that is wrong
     */
    Kademlia build();

    /** Makes builders; found by {@link ServiceLoader} in kad-core. */
    interface Factory {

        /** Returns a new builder. */
        KademliaBuilder create();
    }

    /** Returns a builder from the one {@link Factory} on the path. */
    static KademliaBuilder load() {
        return ServiceLoader.load(Factory.class, KademliaBuilder.class.getClassLoader()).stream()
                .findFirst()
                .or(() -> ServiceLoader.load(Factory.class).stream().findFirst())
                .orElseThrow(() -> new IllegalStateException(
                        "no implementation of kad is on the class path or module path: add kad-core"))
                .get()
                .create();
    }
}
