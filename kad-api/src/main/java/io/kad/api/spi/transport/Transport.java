package io.kad.api.spi.transport;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How a peer talks to other peers: dialling, listening, requests and their answers.
 *
 * <p>A peer has exactly one transport; TCP, QUIC and the like are inside. Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>TRANSPORT-01: no method blocks, and none throws because a peer is unreachable or misbehaves.
 *   <li>TRANSPORT-02: each callback is called exactly once, and never inside the call that was given it.
 *   <li>TRANSPORT-03: at most one dial to a peer is under way at a time; callers share its outcome.
 *   <li>TRANSPORT-04: an open connection to the peer is used, whoever opened it; addresses are needed only without one.
 *   <li>TRANSPORT-05: timeouts include dialling. After {@link #close()} every callback is called and every later call fails
 *       with {@link TransportFailure.Kind#CLOSED}.
 *   <li>TRANSPORT-06: a {@linkplain #send one-way message} succeeds when its bytes and the end of the stream are written and
 *       the peer accepted the protocol; never before.
 *   <li>TRANSPORT-07: an answer of another kind than the request is {@link TransportFailure.Kind#INVALID}.
 *   <li>TRANSPORT-08: as a client, requests of other peers are refused and the protocol is not advertised; a change is
 *       told to every connected peer.
 * </ul>
 *
 * <p>All methods may be called from any thread.
 */
public interface Transport extends AutoCloseable {

    /**
     * Begins to deliver to {@code handler}; called once, before any other method.
     *
     * @throws IllegalStateException if called a second time
     */
    void start(TransportHandler handler);

    /**
     * Listens at {@code address} and yields the addresses it is reached by: a port 0 is replaced by the one bound, an
     * unspecified host by those of the machine.
     */
    void listen(Multiaddr address, Callback<List<Multiaddr>> callback);

    /** Accepts and advertises the Kademlia protocol, or ceases to. Initially off. */
    void serve(boolean enabled);

    /** Sets the addresses that are advertised beside those of the listeners. */
    void announce(Set<Multiaddr> externalAddresses);

    /** Returns the addresses of the open listeners, without {@code /p2p}. */
    List<Multiaddr> listenAddresses();

    /**
     * Sends {@code request} to {@code peer}, dialling it first if needed, and yields the answer.
     *
     * @param timeout for dial, request and answer together
     * @throws IllegalArgumentException if the request is one that has no answer
     */
    Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback);

    /**
     * Sends a request that has no answer, and succeeds once it was written, finished and accepted.
     *
     * @param timeout for dial and writing together
     */
    Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback);

    /** Connects to {@code peer} and yields the connection, an open one if there is one. */
    Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback);

    /** Connects to {@code peer} if needed and yields what it said of itself. */
    Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback);

    /** Connects to {@code peer} if needed and yields the round-trip time of a liveness check. */
    Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback);

    /** Closes every connection to {@code peer}. */
    void disconnect(PeerId peer);

    /** Returns the open connections. */
    List<ConnectionInfo> connections();

    /**
     * Closes listeners and connections, ends what is under way, and waits, up to a few seconds, until the threads and sockets
     * of the transport are gone. Repeating it has no effect.
     */
    @Override
    void close();
}
