package io.kad.transport.netty;

import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.Endpoint;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Opens listening sockets of one address family each: a socket for IPv4 accepts no IPv6, and the other way round. Thread-safe.
 *
 * @param acceptor listener for the connections of each socket
 * @param channels group to which the sockets are added
 */
record ListenerSockets(AcceptListener acceptor, ChannelGroup channels) {

    /** Opens a socket on an address that is not the unspecified one of IPv6, as Java lets that accept IPv4 too. */
    ChannelFuture bind(Endpoint endpoint) {
        ChannelFuture bound = endpoint.transport().listen(endpoint.socket(), acceptor);
        return bound.addListener(result -> {
            if (result.isSuccess()) {
                channels.add(bound.channel());
            }
        });
    }

    /**
     * Returns whether {@code address} could not be bound because its port is taken, or for another lasting reason; false if this machine does not
     * have its IP address, or not yet. Tells them apart by binding another port of it, as the system's words differ by its language.
     */
    static boolean isTaken(InetSocketAddress address, Throwable failure) {
        if (!(failure instanceof BindException)) {
            return true;
        }
        try (Socket other = new Socket()) {
            other.bind(new InetSocketAddress(address.getAddress(), 0));
            return true;
        } catch (IOException absent) {
            return false;
        }
    }
}
