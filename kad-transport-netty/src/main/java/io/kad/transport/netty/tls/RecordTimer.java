package io.kad.transport.netty.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handler before the one that decrypts: follows the headers of TLS records, and closes a connection on which one stays incomplete for too long.
 * Bytes that trickle in would otherwise keep it in memory for ever.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-5.1">RFC 8446, record layer</a>
 */
final class RecordTimer extends ChannelInboundHandlerAdapter {

    private static final int HEADER_BYTES = 5;

    private Duration timeout = Duration.ZERO;
    private Runnable onTimeout = () -> {};
    /** Header bytes of the present record that were received. */
    private int headerBytes;
    /** Length of the present record, as far as its header was received. */
    private int length;
    /** Bytes of the present record that are missing, once its header was received. */
    private int missing;

    private long beganNanos;
    private @Nullable Future<?> check;
    private boolean closed;

    /**
     * Limits the time from the first byte of a record until its last. Must be called on the event loop.
     *
     * @param limit the time
     * @param action called before the channel is closed
     */
    void limit(Duration limit, Runnable action) {
        timeout = limit;
        onTimeout = action;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean wasWhole = !isPartial();
        boolean completed = follow((ByteBuf) message);
        boolean began = wasWhole || completed;
        if (isPartial() && !timeout.isZero()) {
            limitTime(ctx, began);
        }
        ctx.fireChannelRead(message);
    }

    private boolean isPartial() {
        return headerBytes > 0 || missing > 0;
    }

    /** Follows the records in received bytes; returns whether one of them was completed. */
    private boolean follow(ByteBuf in) {
        boolean completed = false;
        int at = in.readerIndex();
        int end = in.writerIndex();
        while (at < end) {
            if (missing > 0) {
                int taken = Math.min(missing, end - at);
                missing -= taken;
                at += taken;
                completed |= missing == 0;
            } else {
                at += followHeader(in, at);
            }
        }
        return completed;
    }

    /** Reads one byte of a header, of which the last two are the length; returns 1. */
    private int followHeader(ByteBuf in, int at) {
        headerBytes++;
        if (headerBytes > HEADER_BYTES - Short.BYTES) {
            length = (length << Byte.SIZE) | in.getUnsignedByte(at);
        }
        if (headerBytes == HEADER_BYTES) {
            missing = length;
            headerBytes = 0;
            length = 0;
        }
        return 1;
    }

    /**
     * Starts the time of an incomplete record. One check runs per timeout, not per record, because busy connections have a partial record at the
     * end of most reads.
     *
     * @param began whether the record began with the last read
     */
    private void limitTime(ChannelHandlerContext ctx, boolean began) {
        if (began) {
            beganNanos = ctx.executor().ticker().nanoTime();
        }
        if (check == null) {
            schedule(ctx, timeout.toNanos());
        }
    }

    private void schedule(ChannelHandlerContext ctx, long nanos) {
        check = ctx.executor().schedule(() -> checkTime(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void checkTime(ChannelHandlerContext ctx) {
        check = null;
        if (closed || !isPartial()) {
            return;
        }
        long remaining = timeout.toNanos() - (ctx.executor().ticker().nanoTime() - beganNanos);
        if (remaining > 0) {
            schedule(ctx, remaining);
        } else {
            onTimeout.run();
            ctx.channel().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        stop();
    }

    private void stop() {
        closed = true;
        Future<?> scheduled = check;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
