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
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Peer of a Kademlia DHT.
 *
 * <p>All methods except {@link #close()} are non-blocking and may be called from any thread, except that reading an {@link #eventStream} blocks.
 * Futures and query results complete on the
 * callback executor passed to the builder, and fail with {@link KadException}; after {@code close()} each of them fails with {@link
 * KadException.Closed}.
 *
 * <p>Each query can fail with {@link KadException.NoPeers}, {@link KadException.QueryTimeout}, {@link KadException.Overloaded} and {@link
 * KadException.InvalidRequest}; futures of commands with {@code Overloaded}; those of connections and listeners with {@link
 * KadException.TransportFailed}. A retry is always safe. Methods list only failures beyond these.
 *
 * <p>A future belongs to the caller: completing it, cancelling it or setting a timeout on it does not harm the peer. Cancelling stops
 * these operations: the result of a query and the futures of {@link #connect}, {@link #identify} and {@link #ping}
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

    // --- local peer

    /** Returns the peer ID of this peer. */
    PeerId peerId();

    /** Returns the configuration of this peer. */
    KademliaConfig config();

    /** Returns the current mode of this peer, server or client; never {@link Mode#AUTO}. */
    Mode mode();

    /** Returns the mode that was set last, at first that of {@link #config()}; with {@link Mode#AUTO}, {@link #mode()} is what it is now. */
    Mode configuredMode();

    /** Sets the mode; with {@link Mode#AUTO} it follows the external addresses. Completes when {@link #mode()} returns the new mode. */
    CompletableFuture<Void> mode(Mode mode);

    /** Listens on {@code address}; completes with the addresses at which this peer is reachable through that listener. */
    CompletableFuture<List<Multiaddr>> listen(Multiaddr address);

    /** Returns the addresses at which this peer is reachable: external addresses first, then those of the listeners. */
    List<Multiaddr> addresses();

    /** Sets the external addresses; with {@link Mode#AUTO} this peer is a server if there is at least one. */
    CompletableFuture<Void> externalAddresses(Set<Multiaddr> addresses);

    /**
     * Returns a publisher of this peer's events from the moment of subscription, which completes when this peer is closed.
     *
     * <p>Events that wait for the demand of a subscriber are bounded: {@value #EVENT_BUFFER_BYTES} bytes for each subscriber, and {@value
     * #MAX_EVENT_BYTES} bytes for all events of this peer and its queries. Beyond that, events are dropped and counted ({@link #droppedEvents}).
     */
    Flow.Publisher<DhtEvent> events();

    /** Returns the number of events of this peer that were dropped so far, of all subscribers together. */
    long droppedEvents();

    /**
     * Calls {@code listener} for each further event of this peer, one call at a time on the callback executor, until the registration
     * or this peer is closed.
     *
     * <p>The listener has the buffer of a subscriber of {@link #events}: events are dropped if the listener is too slow. A listener that
     * throws is logged and not called again.
     */
    default EventRegistration onEvent(Consumer<? super DhtEvent> listener) {
        return ListenerSubscription.of(events(), listener);
    }

    /**
     * Returns the further events of this peer, as a sequential stream that blocks for each event and ends when this peer is closed.
     *
     * <p>The stream has the buffer of a subscriber of {@link #events}: events are dropped if it is read too slowly. Close the stream, from any
     * thread, to end it and its subscription. It must not be read on the callback executor, which delivers its events. If the
     * reading thread is interrupted, reading throws {@link java.util.concurrent.CancellationException}.
     */
    default Stream<DhtEvent> eventStream() {
        return EventReader.streamOf(events());
    }

    // --- queries

    /**
     * Looks up the closest peers to {@code key} (kad-dht, peer routing).
     *
     * @param key a binary peer ID or a record key, before hashing
     * @param count number of peers to find, from 1 to the configured k; with {@link KademliaConfig#DISJOINT_PATHS}, of each path
     */
    Query<ClosestPeersResult> getClosestPeers(Bytes key, int count);

    /**
     * Looks up {@code peer} and its addresses. Also finds clients that a server close to them knows.
     *
     * <p>Fails with {@link KadException.NotFound} if no peer returns it.
     */
    Query<FindPeerResult> findPeer(PeerId peer);

    /**
     * Finds the best valid record under {@code key}, including the local store (kad-dht, value storage and retrieval).
     *
     * <p>Completes:
     *
     * <ul>
     *   <li>with a quorum that is a number, as soon as that is reached;
     *   <li>with {@link Quorum#majority()}, once the lookup has converged and a majority of k peers has returned a record;
     *   <li>with {@link Quorum#all()}, with {@link KademliaConfig#DISJOINT_PATHS}, and if too few records are found, when the lookup has finished.
     * </ul>
     *
     * <p>A record of the local store counts like that of a peer. For a majority and for all, records of peers that are not among the closest found do
     * not count. Afterwards the best record is written to queried peers that lack it. Fails with {@link KadException.NotFound} without any valid record, and with
     * {@link KadException.QuorumNotReached} with too few.
     *
     * @param quorum number of valid records to find, in the local store and at peers
     */
    Query<GetRecordResult> getRecord(RecordKey key, Quorum quorum);

    /**
     * Stores {@code record} in the local store and at the k peers closest to its key.
     *
     * <p>This peer becomes the publisher of the record. A record without an expiry gets one after {@link KademliaConfig#RECORD_TTL}. Completes
     * when each of the closest peers has responded or timed out. Fails with {@link KadException.InvalidRecord}, {@link
     * KadException.StoreFailed}, {@link KadException.Superseded} or {@link KadException.QuorumNotReached}. It is republished after each {@link
     * KademliaConfig#REPUBLISH_INTERVAL}, until a better record of another peer replaces it, which is emitted as {@link
     * io.kad.api.event.DhtEvent.RecordSuperseded}. Without a validator the record that was published last is the best.
     *
     * @param quorum number of remote peers that must store the record
     */
    Query<PutResult> putRecord(Record record, Quorum quorum);

    /**
     * Stores {@code record} at exactly the given peers, and not in the local store, without a lookup.
     *
     * <p>A record without a time of publication is published now. Fails with {@link KadException.InvalidRecord}, {@link
     * KadException.Superseded} or {@link KadException.QuorumNotReached}.
     *
     * @param peers remote peers; not empty
     */
    Query<PutResult> putRecordTo(Record record, List<PeerInfo> peers, Quorum quorum);

    /**
     * Announces this peer as a provider of {@code key}, in the local store and at the k peers closest to it (kad-dht, content provider
     * advertisement).
     *
     * <p>Fails with {@link KadException.InvalidRequest} if this peer has no address to announce, and with {@link KadException.StoreFailed}.
     * The provider record is announced again after each {@link KademliaConfig#REPROVIDE_INTERVAL}, until {@link #stopProviding}.
     */
    Query<PutResult> startProviding(RecordKey key);

    /**
     * Finds providers of {@code key}, including those in the local store. The result may be empty.
     *
     * @param count number of providers after which the query ends, at least 0; 0 for all
     */
    Query<GetProvidersResult> getProviders(RecordKey key, int count);

    /** Fills the routing table: looks up the local key, then refreshes the farther buckets (kad-dht, bootstrap process). */
    Query<BootstrapResult> bootstrap();

    /** Returns a snapshot of the running queries. */
    List<RunningQuery> queries();

    /** Returns the running query with this ID, to finish or cancel it; empty if it has ended. */
    Optional<Query<?>> query(QueryId id);

    // --- locally published records

    /**
     * Removes the locally published record under {@code key} from the local store; completes with true if there was one.
     *
     * <p>The record is no longer republished. The DHT has no message that removes it elsewhere: its holders go on serving it, also to this peer,
     * until it expires there, after {@link KademliaConfig#RECORD_TTL} at the latest. A copy that a holder sends back is not stored here.
     */
    CompletableFuture<Boolean> removeRecord(RecordKey key);

    /**
     * Stops announcing this peer as a provider of {@code key}; completes with true if it was one. Other peers remove the provider record when
     * it expires.
     */
    CompletableFuture<Boolean> stopProviding(RecordKey key);

    // --- routing table

    /**
     * Adds bootstrap peers, as {@link KademliaBuilder#bootstrapPeer(PeerInfo)} does: each is inserted into the routing table and dialled, and
     * dialled again, from 1 s on and then ever more seldom, for as long as no server responds; later too, when no peer of the routing table
     * responds any more. The local peer is skipped. Returns at once.
     *
     * @throws IllegalArgumentException if a peer has no address; no peer is added then
     */
    void addBootstrapPeers(Collection<PeerInfo> peers);

    /**
     * Adds an address of a peer; inserts the peer into the routing table, as disconnected, if its bucket has room. The address counts as given
     * by the user, so that no {@link TransportOptions#DIAL_POLICY} and no earlier failure keeps the transport from dialling it.
     */
    CompletableFuture<RoutingUpdate> addAddress(PeerId peer, Multiaddr address);

    /**
     * Removes an address of a peer, and with its last address the peer, as {@link #removePeer} does; completes with true if the table had
     * that address, or a bootstrap peer that is dialled again and again.
     */
    CompletableFuture<Boolean> removeAddress(PeerId peer, Multiaddr address);

    /**
     * Removes a peer from the routing table; completes with true if it was in the table.
     *
     * <p>The peer stays connected, and is inserted again when it next responds to a request or identifies itself as a server. {@link
     * #disconnect} it too if it is not to be used; it is inserted again when it reconnects.
     */
    CompletableFuture<Boolean> removePeer(PeerId peer);

    /** Returns a snapshot of the routing table. */
    RoutingTableView routingTable();

    /** Returns the addresses at which this peer would dial {@code peer}: those of the routing table, then those from identify. */
    List<Multiaddr> knownAddresses(PeerId peer);

    /** Returns the peers of the routing table that are closest to {@code key}, closest first, without sending a request. */
    List<PeerInfo> closestLocalPeers(Bytes key, int count);

    // --- connections

    /**
     * Connects to a peer; completes with the open connection if there is one. Its addresses count as given by the user, so that no {@link
     * TransportOptions#DIAL_POLICY} and no earlier failure keeps the transport from dialling them.
     *
     * @param timeout longest time of the dial, greater than 0
     */
    CompletableFuture<ConnectionInfo> connect(PeerInfo peer, Duration timeout);

    /**
     * Runs identify against a peer, after dialling it if needed.
     *
     * @param timeout longest time for dial and identify together, greater than 0
     */
    CompletableFuture<PeerIdentification> identify(PeerInfo peer, Duration timeout);

    /**
     * Measures the RTT to a peer, after dialling it if needed.
     *
     * @param timeout longest time for dial and ping together, greater than 0
     */
    CompletableFuture<Duration> ping(PeerInfo peer, Duration timeout);

    /** Closes all connections to a peer. What is in flight on them fails as cancelled; a later query may connect to it again. */
    void disconnect(PeerId peer);

    /** Returns a snapshot of the open connections. */
    List<ConnectionInfo> connections();

    /** Returns the counters of the transport by name, such as how often each of its limits was reached. */
    Map<String, Long> transportCounters();

    // --- stores

    /**
     * Stores an entry that the store filter has {@linkplain io.kad.api.spi.store.StoreFilter.Decision#TAKEN taken}, by the rules for an inbound
     * one at this time: validation, order, expiry and limits.
     *
     * @param request the request that the filter has got, a PUT_VALUE or ADD_PROVIDER
     * @return whether it was stored; false if it is refused as an inbound one would be, for example since it has expired, or a better record or
     *     the limit of a store came in between. It is not told to its sender.
     * @throws IllegalArgumentException if it is another kind of request
     */
    CompletableFuture<Boolean> storeTaken(InboundRequest request);

    /**
     * Returns the record store, for direct access; its calls may block. If the peer has created it, its times follow a clock that does not jump
     * with the wall clock.
     */
    RecordStore recordStore();

    /** Returns the provider store, for direct access; its calls may block. */
    ProviderStore providerStore();

    /** Counts the records and provider records in the local stores. */
    CompletableFuture<StoreSizes> storeSizes();

    /**
     * Fails all queries with {@link KadException.Closed}, closes the transport and the stores that this peer opened, and waits at most a few
     * seconds for its threads to end. Repeating it has no effect.
     */
    @Override
    void close();

    /** Limit of the bytes of events that wait for one subscriber of {@link #events}. Source: kad's choice. */
    int EVENT_BUFFER_BYTES = 1024 * 1024;

    /** Limit of the bytes of all events of a peer that wait for subscribers, of {@link #events} and of {@link Query#events}. Source: kad's choice. */
    int MAX_EVENT_BYTES = 16 * 1024 * 1024;
}
