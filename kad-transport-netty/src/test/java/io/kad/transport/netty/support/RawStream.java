package io.kad.transport.netty.support;

import io.kad.transport.netty.muxer.MuxedStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;

/** Stream on which a test sends any bytes; records received ones. */
public final class RawStream extends ChannelInboundHandlerAdapter {

    private final CompletableFuture<Channel> channel = new CompletableFuture<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private volatile boolean inputEnded;
    private volatile boolean closed;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel.complete(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        synchronized (received) {
            received.writeBytes(ByteBufUtil.getBytes(buffer));
        }
        buffer.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        inputEnded |= event == ChannelInputShutdownEvent.INSTANCE;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        closed = true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
    }

    /** Sends bytes as one write. */
    public void send(byte[] bytes) {
        channel.join().writeAndFlush(Unpooled.wrappedBuffer(bytes));
    }

    /** Half-closes the stream. */
    public void end() {
        MuxedStream.of(channel.join()).finish();
    }

    /** Returns all received bytes. */
    public byte[] received() {
        synchronized (received) {
            return received.toByteArray();
        }
    }

    /** Returns whether the remote peer half-closed the stream. */
    public boolean inputEnded() {
        return inputEnded;
    }

    /** Returns whether the stream is closed or was reset. */
    public boolean isClosed() {
        return closed;
    }
}
