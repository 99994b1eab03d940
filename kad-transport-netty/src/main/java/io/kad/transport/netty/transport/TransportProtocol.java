package io.kad.transport.netty.transport;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Transport of connections over one kind of address, such as TCP. Thread-safe.
 *
 * <p>An address belongs to a transport only as a whole: one with further components may begin like that of another transport.
 */
public interface TransportProtocol {

    /** Returns the name for people, such as {@code tcp}. */
    String name();

    /** Returns whether the host name of an address, and not the socket address alone, decides over the result of a dial. */
    default boolean dependsOnHostName() {
        return false;
    }

    /** Returns the rank among the transports for dials; those of a lower rank are dialled first. */
    int rank();

    /**
     * Returns the socket address at which {@code address} is dialled; unresolved if its host is a name, empty if it is no address of this
     * transport. A trailing peer ID is ignored.
     */
    Optional<InetSocketAddress> dialSocket(Multiaddr address);

    /** Returns the socket address at which to listen on {@code address}; empty if this transport can't. */
    Optional<InetSocketAddress> listenSocket(Multiaddr address);

    /** Returns why this transport can listen on no address, with what to do; empty if it can. */
    default Optional<String> listenProblem() {
        return Optional.empty();
    }

    /** Returns the form of the addresses on which this transport listens, behind their IP address, such as {@code /tcp/PORT}. */
    String listenForm();

    /** Returns the address of a resolved socket address. */
    Multiaddr address(InetSocketAddress socket);

    /**
     * Connects to {@code socket} and upgrades the connection.
     *
     * @param loop event loop of the connection, if the transport has no reason to use another one
     * @param expected the dialled peer; any other is refused
     * @param address the address that is dialled, which may have a host name
     * @param socket resolved socket address
     * @return cancels the attempt; has no effect after its result. May be called from any thread
     */
    Runnable dial(EventLoop loop, PeerId expected, Multiaddr address, InetSocketAddress socket, DialListener listener);

    /**
     * Opens a socket that accepts connections and upgrades them.
     *
     * @param socket address that is not the unspecified one of IPv6: a socket accepts one family only
     * @return the bound socket, whose local address is an {@code InetSocketAddress}; several transports may share it
     */
    ChannelFuture listen(InetSocketAddress socket, AcceptListener listener);

    /** Stops to listen on a socket that {@link #listen} has bound; another transport may still listen on it. */
    default void stopListening(Channel socket) {
        socket.close();
    }

    /** Releases what this transport holds besides its listening sockets and its connections. */
    default void close() {}
}
