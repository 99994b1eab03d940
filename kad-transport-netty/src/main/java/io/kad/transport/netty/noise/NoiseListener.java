package io.kad.transport.netty.noise;

import io.netty.channel.Channel;

/** The one that is told how a handshake ended: exactly one call of exactly one of its methods, on the channel's event loop. */
public interface NoiseListener {

    /**
     * Takes over a secured channel.
     *
     * <p>The handler that encrypts and decrypts is last in the pipeline. Handlers that this call adds behind it get whatever
     * the remote has already sent; what they write may share a segment with the last message of the handshake.
     *
     * @param channel the channel
     * @param session who the remote is
     */
    void onSecured(Channel channel, NoiseSession session);

    /**
     * Takes note that the channel is not secure.
     *
     * @param channel the channel, which is closed right after this call
     * @param cause why
     */
    void onFailed(Channel channel, NoiseException cause);
}
