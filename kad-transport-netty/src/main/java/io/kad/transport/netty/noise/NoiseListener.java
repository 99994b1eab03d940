package io.kad.transport.netty.noise;

import io.netty.channel.Channel;

/** Listener for the result of a handshake: exactly one call of {@link #onSecured} or {@link #onFailed}, on the event loop of the channel. */
public interface NoiseListener {

    /**
     * Called before the signature of the remote peer is checked, which may take a while. It has sent all its messages of the handshake; what
     * it sends next is not read until the check is done.
     */
    default void onCheckStarted() {}

    /**
     * Called with a secured channel.
     *
     * <p>The encrypting handler is the last one of the pipeline. Handlers that this call adds after it receive the
     * bytes that the remote peer has already sent; their first writes may share a TCP segment with the last message of the
     * handshake.
     *
     * @param channel the secured channel
     * @param session result of the handshake
     */
    void onSecured(Channel channel, HandshakeResult session);

    /**
     * Called when the handshake failed.
     *
     * @param channel the channel, which is closed after this call
     * @param cause reason of the failure
     */
    void onFailed(Channel channel, NoiseException cause);
}
