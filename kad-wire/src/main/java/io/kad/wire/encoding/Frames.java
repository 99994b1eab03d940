package io.kad.wire.encoding;

import io.kad.api.id.UnsignedVarint;

/** The frames of a stream: the length of a message as an unsigned varint, then the message. */
public final class Frames {

    /** The most bytes that the length of a message takes; more are no length that any limit allows. */
    public static final int MAX_LENGTH_BYTES = 5;

    private Frames() {}

    /** Returns {@code message} with its length in front. */
    public static byte[] encode(byte[] message) {
        int prefix = UnsignedVarint.size(message.length);
        byte[] frame = new byte[prefix + message.length];
        UnsignedVarint.write(message.length, frame, 0);
        System.arraycopy(message, 0, frame, prefix, message.length);
        return frame;
    }
}
