package io.kad.transport.netty.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.List;

/** Dialer like rust-libp2p: offers no muxer in the handshake, and sends its first frames right after the proposal. */
final class RustLikeDialer extends ChannelInboundHandlerAdapter implements HandshakeListener {

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        NoiseIdentity local = NoiseIdentity.create(new TestIdentity(1), List.of());
        ctx.pipeline()
                .addLast(MultistreamDialer.lazy(
                        "/noise",
                        (channel, protocol) -> channel.pipeline()
                                .addLast(NoiseHandshakeHandler.initiator(local, new TestIdentity(2).peerId(), this)),
                        NegotiationListener.NONE,
                        Duration.ZERO));
    }

    @Override
    public void onIdentityCheckStarted() {}

    @Override
    public void onSecured(Channel channel, SecuredPeer session) {
        channel.pipeline()
                .addLast(MultistreamDialer.lazy(
                        "/yamux/1.0.0",
                        (secured, protocol) -> secured.write(Unpooled.copiedBuffer("frames", UTF_8)),
                        NegotiationListener.NONE,
                        Duration.ZERO));
    }

    @Override
    public void onHandshakeFailed(Channel channel, HandshakeException cause) {
        throw new AssertionError(cause);
    }
}
