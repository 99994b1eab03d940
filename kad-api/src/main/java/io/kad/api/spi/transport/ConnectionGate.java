package io.kad.api.spi.transport;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import java.util.Optional;

/**
 * Gate of the connections of a peer: allows and refuses them by peer and address. Found by {@link java.util.ServiceLoader}, and passed to the
 * builder; all gates are asked, and each must allow.
 *
 * <p>Each method returns why something is refused, in one line for people; empty if it is allowed. Called on the threads of the network,
 * concurrently, for each dial and each connection: must not block. An exception, and null, refuse. A refused dial fails as {@link
 * TransportFailure.Kind#GATED}, and the counter {@code limit-connection-gate} of {@link io.kad.api.Kademlia#transportCounters} counts all refusals.
 */
public interface ConnectionGate {

    /** Gate that allows everything. */
    ConnectionGate OPEN = new ConnectionGate() {};

    /**
     * Returns why {@code peer} is not dialled at {@code address}. Asked before a name is looked up, and again for each IP address that it leads to;
     * also for addresses that the user has given.
     *
     * @param address the address without the peer ID
     */
    default Optional<String> refuseDial(PeerId peer, Multiaddr address) {
        return Optional.empty();
    }

    /**
     * Returns why an inbound connection is refused, before its handshake. On QUIC, as soon as the remote peer has proved its address.
     *
     * @param remote IP address and port of the remote peer; of a socket that TCP and WebSocket share, in the form of either
     */
    default Optional<String> refuseAccept(Multiaddr remote) {
        return Optional.empty();
    }

    /**
     * Returns why a connection is refused whose remote peer is authenticated.
     *
     * @param remote address of the remote peer
     */
    default Optional<String> refuseConnection(PeerId peer, Multiaddr remote, Direction direction) {
        return Optional.empty();
    }
}
