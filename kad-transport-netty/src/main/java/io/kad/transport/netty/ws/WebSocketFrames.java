package io.kad.transport.netty.ws;

import io.kad.transport.netty.muxer.EventRateLimiter;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Handler between the frames of a connection and the bytes of libp2p. Answers pings, as long as their sender reads, and says when it closes.
 */
final class WebSocketFrames extends ChannelDuplexHandler {

    private EventRateLimiter emptyFrames = new EventRateLimiter(0, 0);
    private boolean closing;
    private boolean closeReceived;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        emptyFrames = new EventRateLimiter(WebSocketLimits.MAX_EMPTY_FRAMES_PER_MINUTE, nanoTime(ctx));
    }

    private static long nanoTime(ChannelHandlerContext ctx) {
        return ctx.channel().eventLoop().ticker().nanoTime();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!closing
                && !closeReceived
                && message instanceof BinaryWebSocketFrame data
                && data.content().isReadable()) {
            ctx.fireChannelRead(data.content());
            return;
        }
        try {
            if (closing || closeReceived) {
                return;
            } else if (!(message instanceof WebSocketFrame) && !(message instanceof LastHttpContent)) {
                exceptionCaught(
                        ctx,
                        new UpgradeException(
                                UpgradeException.Reason.NEGOTIATION,
                                "WebSocket: received bytes before the end of the handshake",
                                null));
            } else if (message instanceof CloseWebSocketFrame) {
                closeReceived = true;
                if (ctx.channel().config().isAutoRead()) {
                    close(ctx, ctx.newPromise());
                }
            } else if (!emptyFrames.tryAcquire(nanoTime(ctx))) {
                exceptionCaught(
                        ctx,
                        new UpgradeException(
                                UpgradeException.Reason.LIMIT,
                                "WebSocket: frames without data exceed the limit of "
                                        + WebSocketLimits.MAX_EMPTY_FRAMES_PER_MINUTE + " in a minute",
                                null));
            } else if (message instanceof PingWebSocketFrame ping
                    && ctx.channel().isWritable()) {
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Ends a connection that the remote peer has closed, and whose bytes before that were still being handled. */
    @Override
    public void read(ChannelHandlerContext ctx) {
        if (closeReceived) {
            close(ctx, ctx.newPromise());
        } else {
            ctx.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.fireExceptionCaught(cause);
        close(ctx, ctx.newPromise());
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        ctx.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }

    /** Sends a frame that says so first, unless the remote peer does not read. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing || !ctx.channel().isActive() || !ctx.channel().isWritable()) {
            closing = true;
            ctx.close(promise);
            return;
        }
        closing = true;
        ChannelFuture said = ctx.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        Future<?> timer =
                ctx.executor().schedule(() -> ctx.close(), WebSocketLimits.CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        said.addListener(sent -> {
            timer.cancel(false);
            ctx.close(promise);
        });
    }
}
