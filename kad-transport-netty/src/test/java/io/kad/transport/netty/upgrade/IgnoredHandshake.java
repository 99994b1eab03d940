package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.netty.channel.Channel;

/** Listener of the side that is not under test; discards received bytes. */
final class IgnoredHandshake implements HandshakeListener {
    @Override
    public void onIdentityCheckStarted() {}

    @Override
    public void onSecured(Channel channel, SecuredPeer session) {
        channel.pipeline().addLast(new Discard());
    }

    @Override
    public void onHandshakeFailed(Channel channel, HandshakeException cause) {}
}
