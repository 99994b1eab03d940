package io.kad.transport.netty.hostile;

import java.io.ByteArrayOutputStream;

/** Fields of protobuf messages, written by hand. */
public final class HandMadeMessage {

    private HandMadeMessage() {}

    /** Returns a field of bytes. */
    public static byte[] field(int number, byte[] value) {
        return HandMadeNoise.join(varint(((long) number << 3) | 2), varint(value.length), value);
    }

    /** Returns a field with a number. */
    public static byte[] field(int number, long value) {
        return HandMadeNoise.join(varint((long) number << 3), varint(value));
    }

    /** Returns {@code message} with its length before it. */
    public static byte[] prefixed(byte[] message) {
        return HandMadeNoise.join(varint(message.length), message);
    }

    /** Returns a number as an unsigned varint. */
    public static byte[] varint(long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }
}
