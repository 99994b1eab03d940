package io.kad.transport.netty.security;

import io.netty.channel.Channel;

/** Listener for the result of a handshake: exactly one call of {@link #onSecured} or {@link #onHandshakeFailed}, on the event loop of the channel. */
public interface HandshakeListener {

    /**
     * Called before the identity of the remote peer is checked, which may take a while. It has sent all its messages of the handshake; what it
     * sends next is not read until the check is done.
     */
    void onIdentityCheckStarted();

    /**
     * Called with a secured channel. Handlers that this call adds at the end of the pipeline receive the bytes that the remote peer has already
     * sent.
     */
    void onSecured(Channel channel, SecuredPeer peer);

    /** Called when the handshake failed; the channel is closed after this call. */
    void onHandshakeFailed(Channel channel, HandshakeException cause);
}
