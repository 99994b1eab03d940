package io.kad.transport.netty.ping;

import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.StreamTimer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Outbound ping stream: sends 32 random bytes and measures the time until their echo.
 *
 * <p>Times out after {@value #TIMEOUT_SECONDS} s.
 */
public final class PingRequester extends ChannelInboundHandlerAdapter {

    static final long TIMEOUT_SECONDS = 20;

    private final Promise<Duration> result;
    private final byte[] sent = new byte[PingResponder.BYTES];
    private final StreamTimer timer = new StreamTimer();
    private int matched;
    private long sentNanos;

    /** Creates the handler of one ping, which completes {@code result}. */
    public PingRequester(Promise<Duration> result) {
        this.result = result;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ThreadLocalRandom.current().nextBytes(sent);
        sentNanos = System.nanoTime();
        ctx.writeAndFlush(Unpooled.wrappedBuffer(sent)).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        timer.closeAfter(ctx, TIMEOUT_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (in.isReadable()) {
                if (matched == sent.length || in.readByte() != sent[matched]) {
                    fail(ctx, "ping response does not match the request");
                    return;
                }
                matched++;
            }
        } finally {
            in.release();
        }
        if (matched == sent.length) {
            result.trySuccess(Duration.ofNanos(System.nanoTime() - sentNanos));
            MuxedStream.of(ctx.channel()).finish();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(ctx, "stream ended before the ping response");
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        result.tryFailure(new IOException("stream closed before the ping response"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timer.cancel();
    }

    private void fail(ChannelHandlerContext ctx, String message) {
        result.tryFailure(new IOException(message));
        ctx.close();
    }
}
