package io.kad.transport.netty.support;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo;

/** Descriptions of connections of TCP, Noise and Yamux. */
public final class TestConnectionInfo {

    private TestConnectionInfo() {}

    /** Returns that of a connection that {@code peer} has dialled from {@code remoteAddress}. */
    public static ConnectionInfo inbound(PeerId peer, String remoteAddress) {
        return info(peer, remoteAddress, ConnectionInfo.Direction.INBOUND);
    }

    /** Returns that of a connection to {@code peer}, dialled at {@code remoteAddress}. */
    public static ConnectionInfo outbound(PeerId peer, String remoteAddress) {
        return info(peer, remoteAddress, ConnectionInfo.Direction.OUTBOUND);
    }

    private static ConnectionInfo info(PeerId peer, String remoteAddress, ConnectionInfo.Direction direction) {
        return new ConnectionInfo(1, peer, Multiaddr.parse(remoteAddress), direction, "tcp", "noise", "yamux", 0);
    }
}
