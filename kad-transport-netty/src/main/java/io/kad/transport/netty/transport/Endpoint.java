package io.kad.transport.netty.transport;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;

/**
 * Place at which a transport connects or listens: the sockets of two transports differ even if their addresses are equal.
 *
 * @param socket unresolved if it is a host name
 */
public record Endpoint(TransportProtocol transport, InetSocketAddress socket) {

    /** Returns the transport and the socket, such as {@code tcp 192.0.2.1:4001}. */
    @Override
    public String toString() {
        return transport.name() + " " + NetUtil.toSocketAddressString(socket);
    }
}
