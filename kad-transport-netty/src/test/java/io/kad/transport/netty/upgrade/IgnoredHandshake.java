package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.noise.HandshakeResult;
import io.kad.transport.netty.noise.NoiseException;
import io.kad.transport.netty.noise.NoiseListener;
import io.netty.channel.Channel;

/** Listener of the side that is not under test; discards received bytes. */
final class IgnoredHandshake implements NoiseListener {
    @Override
    public void onSecured(Channel channel, HandshakeResult session) {
        channel.pipeline().addLast(new Discard());
    }

    @Override
    public void onFailed(Channel channel, NoiseException cause) {}
}
