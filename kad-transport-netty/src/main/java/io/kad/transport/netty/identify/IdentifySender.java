package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.id.UnsignedVarint;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.StreamTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;

/**
 * Handler of a stream that sends the description of the local peer and then half-closes: the responder of identify, the
 * initiator of push.
 *
 * <p>js-libp2p takes a message as complete only when the stream is half-closed.
 */
final class IdentifySender extends ChannelInboundHandlerAdapter {

    private static final long LINGER_SECONDS = 10;

    private final Future<Bytes> message;
    private final StreamTimer linger = new StreamTimer();

    /** Creates a sender of {@code message}, which is completed on the event loop of the stream. */
    IdentifySender(Future<Bytes> message) {
        this.message = message;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        linger.closeAfter(ctx, LINGER_SECONDS);
        if (message.isSuccess()) {
            send(ctx);
        } else {
            message.addListener(completed -> send(ctx));
        }
    }

    private void send(ChannelHandlerContext ctx) {
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        Bytes content = message.getNow();
        ByteBuf frame =
                Unpooled.wrappedBuffer(UnsignedVarint.encode(content.size()).toArray(), content.toArray());
        MuxedStream.of(ctx.channel()).writeAndFinish(frame).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        ((ByteBuf) received).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE
                && MuxedStream.of(ctx.channel()).isFinished()) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        linger.cancel();
    }
}
