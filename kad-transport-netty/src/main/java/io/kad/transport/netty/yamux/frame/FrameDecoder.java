package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Decoder of frames that buffers at most one frame header: payload is passed on as it arrives, however large the frame.
 *
 * <p>It retains no reference to its input buffers. Not thread-safe.
 */
public final class FrameDecoder {

    /** Receiver of decoded frames. */
    public interface Sink {

        /** Called with each header; the payload of a data frame follows. */
        void onFrame(YamuxHeader frame) throws YamuxConnectionException;

        /** Called with each part of a payload, whose ownership passes to the receiver. */
        void onPayload(ByteBuf part);

        /** Called after the last part of the payload of a data frame. */
        void onPayloadEnd() throws YamuxConnectionException;

        /** Returns whether further frames are accepted; if not, the rest of the input is left unread. */
        boolean isOpen();
    }

    private final Sink sink;
    private final ByteBuf partialHeader = Unpooled.wrappedBuffer(new byte[YamuxHeader.HEADER_SIZE]);
    private long remainingPayload;

    /** Creates a decoder that passes frames to {@code sink}. */
    public FrameDecoder(Sink sink) {
        this.sink = sink;
        partialHeader.clear();
    }

    /** Decodes the readable bytes; the caller keeps the ownership of the buffer. */
    public void decode(ByteBuf in) throws YamuxConnectionException {
        while (in.isReadable() && sink.isOpen()) {
            if (remainingPayload > 0) {
                decodePayload(in);
            } else {
                decodeHeader(in);
            }
        }
    }

    private void decodePayload(ByteBuf in) throws YamuxConnectionException {
        int size = (int) Math.min(in.readableBytes(), remainingPayload);
        remainingPayload -= size;
        sink.onPayload(in.readRetainedSlice(size));
        if (remainingPayload == 0) {
            sink.onPayloadEnd();
        }
    }

    private void decodeHeader(ByteBuf in) throws YamuxConnectionException {
        YamuxHeader frame;
        if (!partialHeader.isReadable() && in.readableBytes() >= YamuxHeader.HEADER_SIZE) {
            frame = YamuxHeader.readFrom(in);
        } else {
            partialHeader.writeBytes(in, Math.min(in.readableBytes(), partialHeader.writableBytes()));
            if (partialHeader.isWritable()) {
                return;
            }
            frame = YamuxHeader.readFrom(partialHeader);
            partialHeader.clear();
        }
        sink.onFrame(frame);
        if (frame.type() == YamuxFrameType.DATA) {
            remainingPayload = frame.length();
            if (remainingPayload == 0) {
                sink.onPayloadEnd();
            }
        }
    }
}
