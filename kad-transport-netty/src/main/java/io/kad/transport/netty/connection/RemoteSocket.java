package io.kad.transport.netty.connection;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.SocketAddress;

/**
 * Address of the remote socket of a connection, on which limits by address range go. It is the remote address of the channel, unless that is
 * something else, as it is for QUIC. Thread-safe.
 */
public final class RemoteSocket {

    private static final AttributeKey<SocketAddress> ADDRESS = AttributeKey.valueOf(RemoteSocket.class, "address");

    private RemoteSocket() {}

    /** Sets the address of a connection whose channel has another remote address. */
    public static void set(Channel connection, SocketAddress address) {
        connection.attr(ADDRESS).set(address);
    }

    /** Returns the address. */
    public static SocketAddress of(Channel connection) {
        SocketAddress set = connection.attr(ADDRESS).get();
        return set == null ? connection.remoteAddress() : set;
    }
}
