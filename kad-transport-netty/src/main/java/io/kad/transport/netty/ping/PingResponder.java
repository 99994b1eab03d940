package io.kad.transport.netty.ping;

import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.StreamTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;

/**
 * Inbound ping stream: echoes each complete block of 32 bytes.
 *
 * <p>A peer may half-close right after the bytes, as js-libp2p does; the echo is still sent, and the stream is then
 * closed. A stream without a ping for {@value #IDLE_SECONDS} s is reset.
 */
public final class PingResponder extends ChannelInboundHandlerAdapter {

    static final int BYTES = 32;
    /** Idle timeout of a stream, in seconds. rust-libp2p pings every 15 s on one stream. */
    static final long IDLE_SECONDS = 60;

    private @Nullable ByteBuf partial;
    private final StreamTimer idle = new StreamTimer();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        idle.closeAfter(ctx, IDLE_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                collect(ctx, in);
            }
        } finally {
            in.release();
        }
    }

    private void collect(ChannelHandlerContext ctx, ByteBuf in) {
        ByteBuf ping = partial == null ? ctx.alloc().buffer(BYTES, BYTES) : partial;
        ping.writeBytes(in, Math.min(in.readableBytes(), BYTES - ping.readableBytes()));
        if (ping.readableBytes() < BYTES) {
            partial = ping;
            return;
        }
        partial = null;
        idle.closeAfter(ctx, IDLE_SECONDS);
        ctx.write(ping).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.flush();
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            ctx.flush();
            MuxedStream.of(ctx.channel()).finish().addListener(done -> ctx.close());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf ping = partial;
        partial = null;
        if (ping != null) {
            ping.release();
        }
        idle.cancel();
    }
}
