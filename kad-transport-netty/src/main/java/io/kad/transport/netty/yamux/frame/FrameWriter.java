package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * The way of frames onto the connection: it gathers them until a burst ends, and bounds what the peer can make us queue.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public // a failed write ends the connection, which says so
final class FrameWriter {

    /** One full Noise message: past this, waiting for more frames saves nothing, and memory grows. */
    private static final int FLUSH_BYTES = 64 * 1024;

    private static final int FLUSH_FRAMES = 128;

    private final ChannelHandlerContext ctx;
    private final int maxQueuedControlFrames;
    private final Runnable overflow;
    private final ChannelFutureListener controlWritten = this::controlWritten;

    private int queuedControlFrames;
    private int unflushedBytes;
    private int unflushedFrames;

    /**
     * Makes a writer.
     *
     * @param overflow what to do when too many control frames wait for the connection
     */
    public FrameWriter(ChannelHandlerContext ctx, int maxQueuedControlFrames, Runnable overflow) {
        this.ctx = ctx;
        this.maxQueuedControlFrames = maxQueuedControlFrames;
        this.overflow = overflow;
    }

    /** Returns whether the connection takes more data without piling it up. */
    public boolean isWritable() {
        return ctx.channel().isWritable();
    }

    /** Writes a data frame and takes the ownership of its payload; the promise is that of the payload. */
    public void data(int streamId, int flags, ByteBuf payload, ChannelPromise promise) {
        int size = payload.readableBytes();
        ctx.write(header(new YamuxFrame(YamuxFrameType.DATA, flags, streamId, size)));
        ctx.write(payload, promise);
        written(YamuxFrame.HEADER_SIZE + size);
    }

    /** Writes a frame without payload, past any data that waits for the connection to become writable. */
    public ChannelFuture control(YamuxFrameType type, int flags, int streamId, long length) {
        if (queuedControlFrames >= maxQueuedControlFrames) {
            overflow.run();
        }
        queuedControlFrames++;
        ChannelFuture future = ctx.write(header(new YamuxFrame(type, flags, streamId, length)));
        future.addListener(controlWritten);
        written(YamuxFrame.HEADER_SIZE);
        return future;
    }

    /** Ends a burst: flushes the connection if anything was written since the last time. */
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

    private ByteBuf header(YamuxFrame frame) {
        ByteBuf header = ctx.alloc().buffer(YamuxFrame.HEADER_SIZE, YamuxFrame.HEADER_SIZE);
        frame.writeTo(header);
        return header;
    }
}
