package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Writer of frames: collects them until a flush, and limits the control frames that a remote peer can make it
 * queue. Confined to one event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
public final class FrameWriter {

    /**
     * Unflushed bytes that force a flush: about one full Noise transport message. More frames would save nothing and use more memory.
     */
    private static final int FLUSH_BYTES = 64 * 1024;

    private static final int FLUSH_FRAMES = 128;

    /** Largest payload that is copied behind its header: to write them one after the other would cost more. */
    private static final int MAX_COPIED_BYTES = 4 * 1024;

    private final ChannelHandlerContext ctx;
    private final int maxQueuedControlFrames;
    private final Runnable onOverflow;
    private final ChannelFutureListener controlWritten = this::controlWritten;

    private int queuedControlFrames;
    private int unflushedBytes;
    private int unflushedFrames;

    /**
     * Creates a writer.
     *
     * @param maxQueuedControlFrames limit of control frames that the connection has not yet written
     * @param onOverflow called when a control frame is written while that many are queued
     */
    public FrameWriter(ChannelHandlerContext ctx, int maxQueuedControlFrames, Runnable onOverflow) {
        this.ctx = ctx;
        this.maxQueuedControlFrames = maxQueuedControlFrames;
        this.onOverflow = onOverflow;
    }

    /** Returns whether the outbound buffer of the connection is below its high-water mark. */
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /** Writes a data frame, whose payload passes to the connection; {@code promise} completes with the payload. */
    public void writeData(int streamId, int flags, ByteBuf payload, ChannelPromise promise) {
        int size = payload.readableBytes();
        YamuxHeader header = new YamuxHeader(YamuxFrameType.DATA, flags, streamId, size);
        if (size <= MAX_COPIED_BYTES) {
            ctx.write(frame(header, payload), promise);
        } else {
            ctx.write(frame(header, Unpooled.EMPTY_BUFFER));
            ctx.write(payload, promise);
        }
        written(YamuxHeader.HEADER_SIZE + size);
    }

    /** Writes a frame without payload, ahead of data that waits for the connection to become writable. */
    public ChannelFuture writeControl(YamuxFrameType type, int flags, int streamId, long length) {
        if (queuedControlFrames >= maxQueuedControlFrames) {
            onOverflow.run();
        }
        queuedControlFrames++;
        ChannelFuture future = ctx.write(frame(new YamuxHeader(type, flags, streamId, length), Unpooled.EMPTY_BUFFER));
        future.addListener(controlWritten);
        written(YamuxHeader.HEADER_SIZE);
        return future;
    }

    /** Flushes the connection if anything was written since the last flush. */
    public void flush() {
        if (unflushedFrames > 0) {
            unflushedFrames = 0;
            unflushedBytes = 0;
            ctx.flush();
        }
    }

    private void written(int bytes) {
        unflushedFrames++;
        unflushedBytes += bytes;
        if (unflushedBytes >= FLUSH_BYTES || unflushedFrames >= FLUSH_FRAMES) {
            flush();
        }
    }

    private void controlWritten(ChannelFuture future) {
        queuedControlFrames--;
    }

    /** Returns a buffer with a header and a copy of {@code payload}, which is released. */
    private ByteBuf frame(YamuxHeader header, ByteBuf payload) {
        try {
            int size = YamuxHeader.HEADER_SIZE + payload.readableBytes();
            ByteBuf frame = ctx.alloc().buffer(size, size);
            header.writeTo(frame);
            return frame.writeBytes(payload);
        } finally {
            payload.release();
        }
    }
}
