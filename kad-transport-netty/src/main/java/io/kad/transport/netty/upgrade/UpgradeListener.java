package io.kad.transport.netty.upgrade;

import io.netty.channel.Channel;

/** Listener for an upgrade: exactly one call of exactly one of {@link #onUpgraded} and {@link #onUpgradeFailed}, on the event loop of the channel. */
public interface UpgradeListener {

    /** Called before the result, when the remote peer has agreed on a security protocol. */
    default void onSecurityAgreed(Channel channel) {}

    /**
     * Called with a secured channel; must install the handlers of the muxer at the end of the pipeline, synchronously,
     * because frames may have arrived already.
     *
     * <p>A dialer may be told of success while its proposal of the muxer is unanswered (as with rust-libp2p, which negotiates it after the
     * handshake); a refusal then closes the channel.
     *
     * @param connection the encrypted channel, the authenticated remote peer and the muxer
     */
    void onUpgraded(UpgradedConnection connection);

    /**
     * Called when the upgrade failed.
     *
     * @param channel the channel, which is closed after this call
     * @param cause reason of the failure
     */
    void onUpgradeFailed(Channel channel, UpgradeException cause);
}
