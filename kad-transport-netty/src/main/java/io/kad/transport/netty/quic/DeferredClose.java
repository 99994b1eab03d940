package io.kad.transport.netty.quic;

import io.kad.transport.netty.stream.EventLoops;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * First handler of a connection: closes it in a task of its own. Netty 4.2.18 calls handlers in the middle of sending packets, as when the library
 * refuses a certificate, and a close at that time frees the connection before the packet that says so has left.
 */
final class DeferredClose extends ChannelOutboundHandlerAdapter {

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        EventLoops.runLater(ctx.executor(), () -> ctx.close(promise));
    }
}
