package io.kad.transport.netty.multistream;

import io.netty.channel.Channel;

/**
 * The one that is told how a negotiation ended: exactly one call of exactly one of its methods, on the channel's event loop.
 */
public interface NegotiationListener {

    /**
     * Takes note that the remote agreed.
     *
     * <p>The protocol's handlers are installed by then; bytes that came behind the agreement reach them after this call.
     *
     * @param channel the channel that speaks the protocol from now on
     * @param protocol the chosen protocol
     */
    void onAgreed(Channel channel, String protocol);

    /**
     * Takes note that there is no agreement.
     *
     * @param channel the channel, which is closed right after this call
     * @param cause why
     */
    void onFailed(Channel channel, NegotiationException cause);
}
