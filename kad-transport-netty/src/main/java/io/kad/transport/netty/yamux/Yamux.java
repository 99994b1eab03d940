package io.kad.transport.netty.yamux;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.Muxer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Yamux with the limits of one transport. */
public final class Yamux implements Muxer {

    /** Protocol ID of Yamux. */
    public static final String PROTOCOL = "/yamux/1.0.0";

    private final YamuxLimits limits;

    /** Creates the muxer. */
    public Yamux(YamuxLimits limits) {
        this.limits = limits;
    }

    @Override
    public String protocol() {
        return PROTOCOL;
    }

    @Override
    public String name() {
        return "yamux";
    }

    @Override
    public MuxedConnection install(Channel secured, boolean dialled, ChannelHandler inbound, ConnectionBudget budget) {
        YamuxHandler handler = new YamuxHandler(dialled, limits, inbound, budget);
        secured.pipeline().addLast(handler);
        secured.pipeline().addFirst(new ReceiptRecorder(handler));
        return handler;
    }

    /** First handler of a connection: sees each received byte, also of messages that are not complete for a long time. */
    private static final class ReceiptRecorder extends ChannelInboundHandlerAdapter {

        private final YamuxHandler muxer;

        ReceiptRecorder(YamuxHandler muxer) {
            this.muxer = muxer;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            muxer.onReceived();
            ctx.fireChannelRead(message);
        }
    }
}
