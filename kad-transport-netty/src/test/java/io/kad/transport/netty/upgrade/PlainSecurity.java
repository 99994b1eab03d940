package io.kad.transport.netty.upgrade;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;

/**
 * Security protocol without a handshake: it believes that the remote peer is the given one.
 *
 * @param muxer muxer that it selects
 */
record PlainSecurity(String name, PeerId remote, Optional<String> muxer) implements SecurityProtocol {

    @Override
    public String protocol() {
        return "/" + name + "/1.0.0";
    }

    @Override
    public ChannelHandler secureOutbound(PeerId expected, HandshakeListener listener) {
        return handler(listener);
    }

    @Override
    public ChannelHandler secureInbound(HandshakeListener listener) {
        return handler(listener);
    }

    private ChannelHandler handler(HandshakeListener listener) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                listener.onSecured(ctx.channel(), new SecuredPeer(remote, muxer));
                if (!ctx.isRemoved()) {
                    ctx.pipeline().remove(this);
                }
            }
        };
    }
}
