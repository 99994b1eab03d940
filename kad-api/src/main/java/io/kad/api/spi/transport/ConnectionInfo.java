package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;

/**
 * Snapshot of one connection. Immutable.
 *
 * @param id number of the connection, unique for the life of its transport
 * @param peer the authenticated remote peer
 * @param remoteAddress the address of the remote peer, without {@code /p2p}
 * @param direction the side that dialled
 * @param transport the name of the transport protocol, such as {@code tcp}
 * @param security the name of the security protocol, such as {@code noise}
 * @param muxer the name of the stream multiplexer, such as {@code yamux}
 * @param streams number of open streams, at least 0
 */
public record ConnectionInfo(
        long id,
        PeerId peer,
        Multiaddr remoteAddress,
        Direction direction,
        String transport,
        String security,
        String muxer,
        int streams) {

    /** Side that opened a connection. */
    public enum Direction {
        /** The remote peer dialled the local peer. */
        INBOUND,
        /** The local peer dialled the remote peer. */
        OUTBOUND
    }

    public ConnectionInfo {
        requireNonNull(peer, "peer");
        requireNonNull(remoteAddress, "remoteAddress");
        requireNonNull(direction, "direction");
        requireNonNull(transport, "transport");
        requireNonNull(security, "security");
        requireNonNull(muxer, "muxer");
    }
}
