package io.kad.transport.netty.tcp;

import io.kad.transport.netty.transport.AddressPattern;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.util.List;

/**
 * Protocol that carries the bytes of libp2p over TCP: TCP itself, or a protocol with a handshake of its own. Those on one listening socket are told apart by
 * the first byte that a dialer sends. Thread-safe.
 */
public interface TcpProtocol {

    /** Returns the name of the transport, for people. */
    String transportName();

    /** Returns the form of its addresses. */
    AddressPattern addresses();

    /** Returns the first byte that its dialers send, unsigned. */
    int firstByte();

    /**
     * Returns the handlers of an inbound connection between its bytes and those of libp2p, in their order; none if they are the same.
     *
     * @param progress told by the handlers what they have done
     */
    List<ChannelHandler> listenerHandlers(Channel connection, HandshakeProgress progress);
}
