package io.kad.api;

import io.kad.api.event.DhtEvent;
import io.kad.api.event.EventRegistration;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.BootstrapResult;
import io.kad.api.result.ClosestPeersResult;
import io.kad.api.result.FindPeerResult;
import io.kad.api.result.GetProvidersResult;
import io.kad.api.result.GetRecordResult;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.RecordStore;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A peer of a Kademlia DHT.
 *
 * <p>All methods except {@link #close()} are non-blocking and may be called from any thread. Futures and query results complete on the
 * callback executor given to the builder, and fail with {@link KadException}; after {@code close()} each of them fails with {@link
 * KadException.Closed}.
 *
 * <p>A future belongs to the caller: completing it, cancelling it or setting a timeout on it never harms the peer. Cancelling stops the
 * operation where it can be stopped: the result of a query and the futures of {@link #connect}, {@link #identify} and {@link #ping}
 * cancel their requests, and a store call of {@link #removeRecord}, {@link #stopProviding} or {@link #storeSizes} that waits for its
 * thread is skipped. Other operations are carried out, and their result is ignored. Cancelling a dependent future, such as one that
 * {@code thenApply} returned, stops nothing.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p Kademlia DHT specification</a>
 */
public interface Kademlia extends AutoCloseable {

    /**
     * Returns a builder of peers.
     *
     * @throws IllegalStateException if no implementation, such as kad-core, is on the class or module path
     */
    static KademliaBuilder builder() {
        return KademliaBuilder.load();
    }

    // --- this peer

    /** Returns the ID of this peer. */
    PeerId peerId();

    /** Returns the configuration this peer was built with. */
    KademliaConfig config();

    /** Returns the current mode of this peer, server or client; never {@link Mode#AUTO}. */
    Mode mode();

    /** Fixes the mode; with {@link Mode#AUTO} the external addresses decide again. Completes when {@link #mode()} returns the new mode. */
    CompletableFuture<Void> mode(Mode mode);

    /** Listens on {@code address}; yields the addresses at which this peer is reachable through that listener. */
    CompletableFuture<List<Multiaddr>> listen(Multiaddr address);

    /** Returns the addresses at which this peer is reachable: external addresses first, then those of the listeners. */
    List<Multiaddr> addresses();

    /** Sets the addresses at which this peer is reachable from outside; in {@link Mode#AUTO} they decide the mode. */
    CompletableFuture<Void> externalAddresses(Set<Multiaddr> addresses);

    /**
     * Returns a publisher of this peer's events from the moment of subscription. Events are dropped for slow subscribers, and the
     * publisher completes when this peer is closed.
     */
    Flow.Publisher<DhtEvent> events();

    /**
     * Calls {@code listener} for each event of this peer from now on, one call at a time on the callback executor, until the registration
     * or this peer is closed.
     *
     * <p>It is a subscriber of {@link #events}: when events come faster than the listener handles them, further ones are dropped. A
     * listener that throws is logged and not called again.
     */
    default EventRegistration onEvent(Consumer<? super DhtEvent> listener) {
        return ListenerSubscription.of(events(), listener);
    }

    /**
     * Returns the events of this peer from now on, as a sequential stream that waits for each event and ends when this peer is closed.
     *
     * <p>It is a subscriber of {@link #events}: when events come faster than the stream is read, further ones are dropped. Close the
     * stream, from any thread, to end it and its subscription. It must not be read on the callback executor, which it waits for. If the
     * reading thread is interrupted, reading throws {@link java.util.concurrent.CancellationException}.
     */
    default Stream<DhtEvent> eventStream() {
        return EventReader.streamOf(events());
    }

    // --- queries

    /**
     * Finds the peers closest to {@code key}.
     *
     * @param key a binary peer ID or any key, before hashing
     * @param count number of peers to find, from 1 to the configured k
     */
    Query<ClosestPeersResult> getClosestPeers(Bytes key, int count);

    /** Looks up {@code peer} and its addresses. Also finds clients that a server close to them knows. */
    Query<FindPeerResult> findPeer(PeerId peer);

    /**
     * Finds the best valid record under {@code key}, the local store included.
     *
     * <p>Completes as soon as {@code quorum} valid records are found. Afterwards the best record is written to queried peers that lack
     * it.
     */
    Query<GetRecordResult> getRecord(RecordKey key, Quorum quorum);

    /**
     * Stores {@code record} in the local store and at the k peers closest to its key.
     *
     * <p>This peer becomes the publisher of the record. A record without an expiry lives for the configured time to live. Completes when
     * each of the closest peers has responded or timed out.
     */
    Query<PutResult> putRecord(Record record, Quorum quorum);

    /** Stores {@code record} at exactly the given peers, and not in the local store. */
    Query<PutResult> putRecordTo(Record record, List<PeerInfo> peers, Quorum quorum);

    /**
     * Announces this peer as a provider of {@code key}, in the local store and at the k peers closest to it.
     *
     * <p>Fails with {@link KadException.InvalidRequest} if this peer has no address to announce.
     */
    Query<PutResult> startProviding(RecordKey key);

    /**
     * Finds providers of {@code key}, the local store included.
     *
     * @param count number of providers after which the query ends; 0 for all
     */
    Query<GetProvidersResult> getProviders(RecordKey key, int count);

    /** Fills the routing table: looks up the ID of this peer, then refreshes the buckets that are farther away. */
    Query<BootstrapResult> bootstrap();

    /** Returns the running queries. */
    List<RunningQuery> queries();

    /** Returns a running query, to finish or cancel it. */
    Optional<Query<?>> query(QueryId id);

    // --- locally published records

    /** Removes the record under {@code key} from the local store if this peer published it; yields whether it did. */
    CompletableFuture<Boolean> removeRecord(RecordKey key);

    /**
     * Stops announcing this peer as a provider of {@code key}; yields whether it was one. Other peers drop the provider record when it
     * expires.
     */
    CompletableFuture<Boolean> stopProviding(RecordKey key);

    // --- routing table

    /** Adds an address of a peer, and the peer to the routing table, as disconnected, if its bucket has room. */
    CompletableFuture<RoutingUpdate> addAddress(PeerId peer, Multiaddr address);

    /** Removes an address of a peer, and with its last address the peer; yields whether the table had that address. */
    CompletableFuture<Boolean> removeAddress(PeerId peer, Multiaddr address);

    /** Removes a peer from the routing table; yields whether it was in the table. */
    CompletableFuture<Boolean> removePeer(PeerId peer);

    /** Returns the current routing table. */
    RoutingTableView routingTable();

    /** Returns the addresses at which this peer would dial {@code peer}: those of the routing table, then those that identify reported. */
    List<Multiaddr> knownAddresses(PeerId peer);

    /** Returns the peers of the routing table that are closest to {@code key}, closest first, without sending a request. */
    List<PeerInfo> closestLocalPeers(Bytes key, int count);

    // --- connections

    /**
     * Connects to a peer; yields the open connection if there is one.
     *
     * @param timeout longest time the attempt may take
     */
    CompletableFuture<ConnectionInfo> connect(PeerInfo peer, Duration timeout);

    /**
     * Runs identify against a peer, after connecting if needed.
     *
     * @param timeout longest time the attempt may take
     */
    CompletableFuture<PeerIdentification> identify(PeerInfo peer, Duration timeout);

    /**
     * Measures the round-trip time to a peer, after connecting if needed.
     *
     * @param timeout longest time the attempt may take
     */
    CompletableFuture<Duration> ping(PeerInfo peer, Duration timeout);

    /** Closes every connection to a peer. */
    void disconnect(PeerId peer);

    /** Returns the open connections. */
    List<ConnectionInfo> connections();

    // --- stores

    /** Returns the record store, for direct access; its calls may block. */
    RecordStore recordStore();

    /** Returns the provider store, for direct access; its calls may block. */
    ProviderStore providerStore();

    /** Returns the number of records and provider records in the local stores. */
    CompletableFuture<StoreSizes> storeSizes();

    /**
     * Fails every query with {@link KadException.Closed}, closes the transport and the stores that this peer opened, and waits a few
     * seconds at most for its threads to end. Repeating it has no effect.
     */
    @Override
    void close();
}
