package io.kad.transport.netty.upgrade;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Limit of the bytes that a connection receives until its upgrade has ended, in the form of a protocol below libp2p that has a handshake of its
 * own. It leaves at the end of the upgrade.
 */
public final class HandshakeByteLimiter extends ChannelInboundHandlerAdapter {

    private final long limit;
    private long received;

    /** Creates the handler of one connection. */
    public HandshakeByteLimiter(long limit) {
        this.limit = limit;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received += ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
        // After the handlers: one read may have the end of the upgrade and any number of frames after it
        if (received > limit && !ctx.isRemoved()) {
            ctx.fireExceptionCaught(new UpgradeException(
                    UpgradeException.Reason.LIMIT,
                    "received bytes before the end of the upgrade exceed the limit of " + limit,
                    null));
        }
    }
}
