package io.kad.node.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a client sends before it has the answer to its request. They wait here, undecoded, while the connection is {@linkplain #pause
 * paused}; the socket is read on meanwhile, as a client that is gone is seen only by reading. At {@link #MAX_BYTES} reading stops until the answer
 * has left. Confined to the thread of the connection.
 */
final class ReadAhead extends ChannelInboundHandlerAdapter {

    /** Bytes at which reading stops; one more read of the socket may have brought as many. Source: kad's choice. */
    static final int MAX_BYTES = 64 * 1024;

    /** Bytes that are decoded at a time: many small requests take far more memory as objects than as bytes. */
    private static final int PIECE = 1024;

    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf unread;
    private boolean paused;

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        ByteBuf before = unread;
        if (before == null) {
            passOn(ctx, received);
        } else {
            before.writeBytes(received);
            received.release();
        }
    }

    /** Passes on {@code bytes}, piece by piece, until the connection is paused, and holds what is left then, without the room around it. */
    private void passOn(ChannelHandlerContext ctx, ByteBuf bytes) {
        while (!paused && bytes.isReadable()) {
            ctx.fireChannelRead(bytes.readRetainedSlice(Math.min(PIECE, bytes.readableBytes())));
        }
        if (bytes.isReadable() && !ctx.isRemoved()) {
            unread = ctx.alloc().buffer(bytes.readableBytes()).writeBytes(bytes);
        }
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ctx.fireChannelReadComplete();
        readOn(ctx);
    }

    private void readOn(ChannelHandlerContext ctx) {
        ByteBuf bytes = unread;
        if (bytes == null || bytes.readableBytes() < MAX_BYTES) {
            ctx.read();
        }
    }

    /** Holds what is received from now on. */
    void pause() {
        paused = true;
    }

    /** Passes on what has waited, and what is received from now on. */
    void resume() {
        ChannelHandlerContext ctx = context;
        ByteBuf bytes = unread;
        paused = false;
        unread = null;
        if (ctx != null && bytes != null) {
            passOn(ctx, bytes);
            readOn(ctx);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        ByteBuf bytes = unread;
        unread = null;
        if (bytes != null) {
            bytes.release();
        }
    }
}
