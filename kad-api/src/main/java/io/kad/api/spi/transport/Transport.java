package io.kad.api.spi.transport;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Network transport of a peer: listens, dials, exchanges requests and responses.
 *
 * <p>A peer has exactly one transport, which may support several protocols, such as TCP and QUIC. All methods may be called from any thread.
 *
 * <p>Rules, each checked by the compatibility test kit:
 *
 * <ul>
 *   <li>TRANSPORT-01: a method must not block, except {@link #close()}, and must not throw because a peer is unreachable or misbehaves.
 *   <li>TRANSPORT-02: each callback must be called exactly once, and never inside the call that it was passed to.
 *   <li>TRANSPORT-03: at most one dial to a peer may be in flight; concurrent callers must share its result.
 *   <li>TRANSPORT-04: an open connection to the peer must be used, whichever side opened it. Addresses are needed only without one.
 *   <li>TRANSPORT-05: timeouts must include dialling, but not the time for which a request waits for other ones of the local peer: {@link
 *       Callback#onQueued} and {@link Callback#onDequeued} enclose it, and a request that waits longer than its timeout must fail with
 *       {@link TransportFailure.Kind#OVERLOADED}. {@link #close()} must call each pending callback, and each later call must fail with
 *       {@link TransportFailure.Kind#CLOSED}.
 *   <li>TRANSPORT-06: a {@linkplain #send one-way message} must succeed only after its bytes and the end of the stream were written and the
 *       remote peer accepted the protocol.
 *   <li>TRANSPORT-07: a response of another kind than the request must fail with {@link TransportFailure.Kind#INVALID}.
 *   <li>TRANSPORT-08: in client mode, inbound requests must be refused and the protocol must not be advertised. Each connected peer must be
 *       notified of a change.
 *   <li>TRANSPORT-09: a dial must fail with {@link TransportFailure.Kind#REFUSED} if the hosts at all dialled addresses refused it, and must
 *       not if no host was heard: a refusal shows that the local peer is not offline.
 *   <li>TRANSPORT-10: {@link #disconnect} must fail what is in flight on the connection with {@link TransportFailure.Kind#CANCELLED}, and must
 *       not lead to a dial.
 *   <li>TRANSPORT-11: an address that was {@linkplain #trustAddresses trusted} must be dialled, whatever {@link
 *       io.kad.api.TransportOptions#DIAL_POLICY} says.
 *   <li>TRANSPORT-12: a connection must be reported once as {@linkplain TransportEvent.ConnectionOpened opened}, and after that once as
 *       {@linkplain TransportEvent.ConnectionClosed closed}, even if it ends at once.
 * </ul>
 *
 * <p>Each {@code timeout} must be greater than 0. If it is too low, operations with distant peers fail; if too high, an unresponsive peer
 * delays its caller. A peer derives it from {@link io.kad.api.KademliaConfig#REQUEST_TIMEOUT}. Whether a retry after a failure can help is
 * documented at {@link TransportFailure.Kind}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#rpc-messages">kad-dht, RPC messages</a>
 */
public interface Transport extends AutoCloseable {

    /**
     * Starts the delivery of inbound requests and events to {@code handler}. Must be called once, before any other method.
     *
     * @throws IllegalStateException if called a second time
     */
    void start(TransportHandler handler);

    /**
     * Listens on {@code address}.
     *
     * @param address address of the machine; port 0 stands for a free port
     * @param callback receives the addresses at which the listener is reachable: with the bound port, and with the addresses of the
     *     machine in place of an unspecified host
     */
    void listen(Multiaddr address, Callback<List<Multiaddr>> callback);

    /** Starts, or stops, to accept and advertise the Kademlia protocol: server mode, or client mode. Initially off. */
    void serve(boolean enabled);

    /** Sets the external addresses, which are advertised in addition to those of the listeners. */
    void announce(Set<Multiaddr> externalAddresses);

    /**
     * Names addresses that the user has given for {@code peer}, in addition to earlier ones. Addresses that come from remote peers may be
     * refused by a policy, or left alone for a while after they failed; these are not. A transport without such rules ignores the call.
     */
    default void trustAddresses(PeerInfo peer) {}

    /** Returns the addresses of the open listeners, without {@code /p2p}. */
    List<Multiaddr> listenAddresses();

    /**
     * Sends {@code request} to {@code peer}, after dialling it if needed.
     *
     * @param timeout longest time for dial, request and response together; a transport may give a request of more than 16 KiB more, from the
     *     moment that it is sent: this time, and that in which a slow peer receives it
     * @param callback receives the response
     * @throws IllegalArgumentException if {@code request} is a one-way message
     */
    Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback);

    /**
     * Sends a one-way message to {@code peer}, after dialling it if needed.
     *
     * @param timeout longest time for dial and write together
     * @param callback called once the message was written and the remote peer accepted the protocol, which does not prove that it stored
     *     the provider record
     */
    Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback);

    /**
     * Connects to {@code peer}, unless a connection is open.
     *
     * @param timeout longest time of the dial
     * @param callback receives the connection
     */
    Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback);

    /**
     * Runs identify against {@code peer}, after dialling it if needed.
     *
     * @param timeout longest time for dial and identify together
     * @param callback receives the statement of the remote peer
     */
    Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback);

    /**
     * Measures the RTT to {@code peer} with one ping, after dialling it if needed.
     *
     * @param timeout longest time for dial and ping together
     * @param callback receives the RTT, without the dial
     */
    Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback);

    /**
     * Closes every connection to {@code peer}. What is in flight on them fails with {@link TransportFailure.Kind#CANCELLED}; later calls may
     * dial the peer again. Once this method returns, {@link #connections} has none of them, even if their end takes a moment.
     */
    void disconnect(PeerId peer);

    /** Returns a snapshot of the open connections. */
    List<ConnectionInfo> connections();

    /**
     * Returns counters of this transport by name, such as how often each of its limits was reached; they only grow. A transport without
     * counters returns an empty map.
     */
    default Map<String, Long> counters() {
        return Map.of();
    }

    /**
     * Returns amounts of this transport by name, such as bytes that wait to be sent, the limit of them, and bytes that were sent so far. A
     * transport without such amounts returns an empty map.
     */
    default Map<String, Long> amounts() {
        return Map.of();
    }

    /**
     * Closes listeners and connections, fails the running operations with {@link TransportFailure.Kind#CLOSED}, and waits at most a few
     * seconds until the threads have ended and the sockets are closed. Repeating it has no effect.
     */
    @Override
    void close();
}
