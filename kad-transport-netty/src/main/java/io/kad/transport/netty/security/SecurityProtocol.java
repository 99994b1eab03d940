package io.kad.transport.netty.security;

import io.kad.api.id.PeerId;
import io.netty.channel.ChannelHandler;

/**
 * Protocol that authenticates and encrypts a connection, and that both peers agree on by its name. Its handlers limit the bytes of the handshake;
 * the upgrade limits the time. Thread-safe.
 */
public interface SecurityProtocol {

    /** Returns the protocol ID, such as {@code /noise}. */
    String protocol();

    /** Returns the name for people, such as {@code noise}. */
    String name();

    /**
     * Returns the handler that runs the handshake of a dialer from its addition to the pipeline on, and then replaces itself by those that
     * encrypt.
     *
     * @param expected the dialled peer; any other is refused
     */
    ChannelHandler secureOutbound(PeerId expected, HandshakeListener listener);

    /** Returns the handler of a listener, as {@link #secureOutbound} does. */
    ChannelHandler secureInbound(HandshakeListener listener);
}
