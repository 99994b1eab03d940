package io.kad.transport.netty.upgrade;

import io.netty.channel.Channel;

/**
 * The one that is told how an upgrade ended: exactly one call of exactly one of its methods, on the channel's event loop.
 */
public interface UpgradeListener {

    /**
     * Installs the muxer's handlers at the end of the pipeline, synchronously: frames may have arrived already.
     *
     * <p>If the remote was asked for the muxer and its answer is still to come (as with rust, which negotiates it after the
     * handshake), a refusal closes the channel later.
     *
     * @param channel the channel, encrypted from here on
     * @param peer who is at the other end
     */
    void onSecured(Channel channel, SecuredPeer peer);

    /**
     * Takes note that the connection is of no use.
     *
     * @param channel the channel, which is closed right after this call
     * @param cause why
     */
    void onFailed(Channel channel, UpgradeException cause);
}
