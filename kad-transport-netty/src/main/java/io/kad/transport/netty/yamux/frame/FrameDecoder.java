package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A decoder that holds back at most one frame header: payload goes on as it arrives, however large its frame is.
 *
 * <p>It keeps no reference to the buffers it reads from.
 */
public final class FrameDecoder {

    /** What takes the decoded frames. */
    public interface Sink {

        /** Takes a header; in a data frame its payload follows. */
        void onFrame(YamuxFrame frame) throws YamuxConnectionException;

        /** Takes a part of the payload, and the ownership of it. */
        void onPayload(ByteBuf part);

        /** Takes note that all payload of the last data frame was handed over. */
        void onPayloadEnd() throws YamuxConnectionException;

        /** Returns whether it still wants frames; once it does not, the rest of the input is left unread. */
        boolean isAccepting();
    }

    private final Sink sink;
    private final ByteBuf partialHeader = Unpooled.wrappedBuffer(new byte[YamuxFrame.HEADER_SIZE]);
    private long payloadLeft;

    public FrameDecoder(Sink sink) {
        this.sink = sink;
        partialHeader.clear();
    }

    /** Decodes what is readable; the caller keeps the ownership of the buffer. */
    public void decode(ByteBuf in) throws YamuxConnectionException {
        while (in.isReadable() && sink.isAccepting()) {
            if (payloadLeft > 0) {
                payload(in);
            } else {
                header(in);
            }
        }
    }

    private void payload(ByteBuf in) throws YamuxConnectionException {
        int size = (int) Math.min(in.readableBytes(), payloadLeft);
        payloadLeft -= size;
        sink.onPayload(in.readRetainedSlice(size));
        if (payloadLeft == 0) {
            sink.onPayloadEnd();
        }
    }

    private void header(ByteBuf in) throws YamuxConnectionException {
        YamuxFrame frame;
        if (!partialHeader.isReadable() && in.readableBytes() >= YamuxFrame.HEADER_SIZE) {
            frame = YamuxFrame.readFrom(in);
        } else {
            partialHeader.writeBytes(in, Math.min(in.readableBytes(), partialHeader.writableBytes()));
            if (partialHeader.isWritable()) {
                return;
            }
            frame = YamuxFrame.readFrom(partialHeader);
            partialHeader.clear();
        }
        sink.onFrame(frame);
        if (frame.type() == YamuxFrameType.DATA) {
            payloadLeft = frame.length();
            if (payloadLeft == 0) {
                sink.onPayloadEnd();
            }
        }
    }
}
