package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.noise.NoiseException;
import io.kad.transport.netty.noise.NoiseListener;
import io.kad.transport.netty.noise.NoiseSession;
import io.netty.channel.Channel;

/** A listener of the side that is not under test; it leaves whatever comes unread. */
final class IgnoredHandshake implements NoiseListener {
    @Override
    public void secured(Channel channel, NoiseSession session) {
        channel.pipeline().addLast(new Discard());
    }

    @Override
    public void failed(Channel channel, NoiseException cause) {}
}
