package io.kad.transport.netty.security;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Handler before one that decrypts TLS: follows the headers of TLS records, and closes a connection on which one stays incomplete for too long.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8446#section-5.1">RFC 8446, record layer</a>
 */
public final class RecordTimer extends ChannelInboundHandlerAdapter implements MessageTimer.Owner {

    private static final int HEADER_BYTES = 5;

    private final MessageTimer timer = new MessageTimer("record of TLS", this::isPartial);
    /** Header bytes of the present record that were received. */
    private int headerBytes;
    /** Length of the present record, as far as its header was received. */
    private int length;
    /** Bytes of the present record that are missing, once its header was received. */
    private int missing;

    /** Creates the handler of one connection. */
    public RecordTimer() {}

    @Override
    public MessageTimer messageTimer() {
        return timer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean wasWhole = !isPartial();
        boolean completed = follow((ByteBuf) message);
        timer.onReceived(wasWhole || completed);
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

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        timer.stop();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        timer.stop();
    }
}
