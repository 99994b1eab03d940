package io.kad.wire.encoding;

import io.kad.api.id.UnsignedVarint;

/** Framing of messages on a stream: the length as an unsigned varint, then the message. */
public final class LengthPrefix {

    /** Longest length prefix, in bytes; a longer one exceeds every configurable limit. */
    public static final int MAX_PREFIX_BYTES = 5;

    private LengthPrefix() {}

    /** Returns {@code message} with its length prefix. */
    public static byte[] encode(byte[] message) {
        int prefix = UnsignedVarint.size(message.length);
        byte[] frame = new byte[prefix + message.length];
        UnsignedVarint.write(message.length, frame, 0);
        System.arraycopy(message, 0, frame, prefix, message.length);
        return frame;
    }
}
