package io.kad.api.spi.transport;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;

/**
 * A connection as it was at one moment.
 *
 * @param id distinguishes the connections of one transport; never used again
 * @param peer the authenticated remote peer
 * @param remoteAddress the address at the other end, without {@code /p2p}
 * @param direction who dialled
 * @param security the name of the security protocol, such as {@code noise}
 * @param muxer the name of the stream multiplexer, such as {@code yamux}
 * @param streams open streams
 */
public record ConnectionInfo(
        long id,
        PeerId peer,
        Multiaddr remoteAddress,
        Direction direction,
        String security,
        String muxer,
        int streams) {

    /** Who opened a connection. */
    public enum Direction {
        /** The remote peer dialled us. */
        INBOUND,
        /** We dialled the remote peer. */
        OUTBOUND
    }

    public ConnectionInfo {
        requireNonNull(peer, "peer");
        requireNonNull(remoteAddress, "remoteAddress");
        requireNonNull(direction, "direction");
        requireNonNull(security, "security");
        requireNonNull(muxer, "muxer");
    }
}
