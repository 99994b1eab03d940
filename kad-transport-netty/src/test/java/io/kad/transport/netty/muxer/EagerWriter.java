package io.kad.transport.netty.muxer;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A writer that writes while the stream is writable, as ChunkedWriteHandler does: within an event, and without a flush before it stops. */
final class EagerWriter extends ChannelInboundHandlerAdapter {

    private static final int WRITE_BYTES = 1000;
    private static final int ENDLESS = 16 << 20;

    final CompletableFuture<Void> ended = new CompletableFuture<>();
    final AtomicInteger mostPending = new AtomicInteger();
    final AtomicInteger changes = new AtomicInteger();
    private final int total;
    private int written;
    private int pending;
    private boolean writing;

    EagerWriter(int total) {
        this.total = total;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.executor().execute(() -> write(ctx));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (writing) {
            ended.completeExceptionally(new AssertionError("told of a change within a write"));
        }
        changes.incrementAndGet();
        write(ctx);
    }

    private void write(ChannelHandlerContext ctx) {
        writing = true;
        while (ctx.channel().isWritable() && written < total && pending < ENDLESS) {
            written += WRITE_BYTES;
            pending += WRITE_BYTES;
            mostPending.accumulateAndGet(pending, Math::max);
            ctx.write(Unpooled.wrappedBuffer(new byte[WRITE_BYTES])).addListener(left -> pending -= WRITE_BYTES);
        }
        ctx.flush();
        writing = false;
        if (written >= total) {
            MuxedStream.of(ctx.channel()).finish().addListener(done -> ended.complete(null));
        }
    }
}
