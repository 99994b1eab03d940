package io.kad.wire.message;

import io.kad.api.id.UnsignedVarint;
import io.kad.wire.encoding.ProtoWriter;

/**
 * Message to be sent, with its length prefix. Its size is known before it is written, so it is written straight into the buffer that is sent.
 * Immutable.
 */
public final class SizedMessage {

    private final MessageBuilder message;
    private final int messageSize;

    SizedMessage(MessageBuilder message) {
        this.message = message;
        this.messageSize = message.size();
    }

    /** Returns the size of the frame in bytes. */
    public int size() {
        return UnsignedVarint.size(messageSize) + messageSize;
    }

    /** Writes the frame to {@code target}, which has {@link #size} bytes from {@code offset} on. */
    public void writeTo(byte[] target, int offset) {
        int start = UnsignedVarint.write(messageSize, target, offset);
        ProtoWriter out = ProtoWriter.into(target, start, messageSize);
        message.write(out);
        if (out.size() != messageSize) {
            throw new IllegalStateException("message has " + out.size() + " bytes, expected " + messageSize);
        }
    }
}
