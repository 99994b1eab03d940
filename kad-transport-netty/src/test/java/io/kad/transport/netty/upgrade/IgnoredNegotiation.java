package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.netty.channel.Channel;

/** A listener of the side that is not under test. */
final class IgnoredNegotiation implements NegotiationListener {
    @Override
    public void onAgreed(Channel channel, String protocol) {}

    @Override
    public void onFailed(Channel channel, NegotiationException cause) {}
}
