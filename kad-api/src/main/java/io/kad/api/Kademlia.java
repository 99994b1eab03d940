package io.kad.api;

import io.kad.api.event.DhtEvent;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A peer of a Kademlia DHT.
 *
 * <p>No method blocks, but {@link #close()}. All methods may be called from any thread. Stages and query results complete on
 * the callback executor given to the builder, and fail with {@link KadException}; after {@code close()} each of them fails
 * with {@link KadException.Closed}.
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

    /** Returns the id of this peer. */
    PeerId peerId();

    /** Returns the configuration this peer was built with. */
    KademliaConfig config();

    /** Returns whether this peer is a server or a client now; never {@link Mode#AUTO}. */
    Mode mode();

    /** Fixes the mode, or with {@link Mode#AUTO} lets the external addresses decide again. */
    CompletionStage<Void> mode(Mode mode);

    /** Listens at {@code address} and yields the addresses by which this peer is reached there. */
    CompletionStage<List<Multiaddr>> listen(Multiaddr address);

    /** Returns where this peer can be reached: external addresses first, then those of the listeners. */
    List<Multiaddr> addresses();

    /** Sets the addresses that are known to reach this peer from outside; in {@link Mode#AUTO} they decide the mode. */
    CompletionStage<Void> externalAddresses(Set<Multiaddr> addresses);

    /** Returns changes of this peer, from the next one on; a subscriber that is slow misses some. */
    Flow.Publisher<DhtEvent> events();

    // --- queries

    /**
     * Finds the peers closest to {@code key}: a binary peer id or any key, before hashing.
     *
     * @param count how many, from 1 to the configured k
     */
    Query<ClosestPeersResult> getClosestPeers(Bytes key, int count);

    /** Finds {@code peer} and its addresses; also a client, if a server near it knows it. */
    Query<FindPeerResult> findPeer(PeerId peer);

    /**
     * Finds the best valid record under {@code key}, the own store included.
     *
     * <p>Ends early as soon as {@code quorum} valid records were found. Peers that were asked and lack the best record are sent
     * it afterwards.
     */
    Query<GetRecordResult> getRecord(RecordKey key, Quorum quorum);

    /**
     * Stores {@code record} in the own store and at the k peers closest to its key.
     *
     * <p>Its publisher becomes this peer; without an expiry it lives for the configured time to live. Completes when all of the
     * closest peers have answered or timed out.
     */
    Query<PutResult> putRecord(Record record, Quorum quorum);

    /** Stores {@code record} at exactly the given peers, and not in the own store. */
    Query<PutResult> putRecordTo(Record record, List<PeerInfo> peers, Quorum quorum);

    /**
     * Announces this peer as a provider of {@code key}, in the own store and at the k peers closest to it.
     *
     * <p>Fails with {@link KadException.InvalidRequest} if this peer has no address to announce.
     */
    Query<PutResult> startProviding(RecordKey key);

    /**
     * Finds providers of {@code key}, the own store included.
     *
     * @param count ends as soon as that many were found; 0 for all
     */
    Query<GetProvidersResult> getProviders(RecordKey key, int count);

    /** Fills the routing table: looks up this peer's own id, then refreshes the farther buckets. */
    Query<BootstrapResult> bootstrap();

    /** Returns the queries that are running. */
    List<RunningQuery> queries();

    /** Returns a running query, to finish or cancel it. */
    Optional<Query<?>> query(QueryId id);

    // --- own records

    /** Removes the record under {@code key} from the own store if this peer is its publisher; yields whether it did. */
    CompletionStage<Boolean> removeRecord(RecordKey key);

    /** Ceases to announce this peer as a provider of {@code key}; yields whether it was one. Others forget it by expiry. */
    CompletionStage<Boolean> stopProviding(RecordKey key);

    // --- routing table

    /** Adds an address of a peer, and the peer itself to the routing table, as disconnected, if its bucket has room. */
    CompletionStage<RoutingUpdate> addAddress(PeerId peer, Multiaddr address);

    /** Removes an address of a peer, and with the last one the peer; yields whether there was such an address. */
    CompletionStage<Boolean> removeAddress(PeerId peer, Multiaddr address);

    /** Removes a peer from the routing table; yields whether it was there. */
    CompletionStage<Boolean> removePeer(PeerId peer);

    /** Returns the routing table as it is now. */
    RoutingTableView routingTable();

    /** Returns the addresses at which this peer would dial {@code peer}: those of the routing table and those it told while connected. */
    List<Multiaddr> knownAddresses(PeerId peer);

    /** Returns the peers of the own routing table that are closest to {@code key}, nearest first, without asking anybody. */
    List<PeerInfo> closestLocalPeers(Bytes key, int count);

    // --- connections

    /** Connects to a peer, or yields the connection that is open. */
    CompletionStage<ConnectionInfo> connect(PeerInfo peer, Duration timeout);

    /** Connects to a peer if needed and yields what it says of itself. */
    CompletionStage<PeerIdentification> identify(PeerInfo peer, Duration timeout);

    /** Measures the round-trip time to a peer, connecting first if needed. */
    CompletionStage<Duration> ping(PeerInfo peer, Duration timeout);

    /** Closes every connection to a peer. */
    void disconnect(PeerId peer);

    /** Returns the open connections. */
    List<ConnectionInfo> connections();

    /** Returns the store of records, to read and write it directly; it may block. */
    RecordStore recordStore();

    /** Returns the store of provider records, to read and write it directly; it may block. */
    ProviderStore providerStore();

    /** Returns how many records and provider records the own stores hold. */
    CompletionStage<StoreSizes> storeSizes();

    /**
     * Ends every query, closes the transport, and the stores that this peer opened itself; waits, up to a few seconds, until
     * its threads are gone. Repeating it has no effect.
     */
    @Override
    void close();
}
