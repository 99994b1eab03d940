package io.kad.api.id;

import java.nio.ByteBuffer;

/**
 * Unsigned varint of multiformats: seven bits per byte, least significant first, in the fewest bytes, at most nine.
 *
 * @see <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>
 */
public final class UnsignedVarint {

    /** Longest encoding of a number, in bytes. */
    public static final int MAX_BYTES = 9;

    private UnsignedVarint() {}

    /** Returns the encoded size of {@code value}, which must not be negative, in bytes. */
    public static int size(long value) {
        checkNotNegative(value);
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** Writes {@code value}, which must not be negative, at {@code offset}; returns the offset after it. */
    public static int write(long value, byte[] target, int offset) {
        checkNotNegative(value);
        long rest = value;
        int at = offset;
        while (rest >= 0x80) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    private static void checkNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("varint must not be negative, got " + value);
        }
    }

    /** Returns the encoding of {@code value}, which must not be negative. */
    public static Bytes encode(long value) {
        byte[] encoded = new byte[size(value)];
        write(value, encoded, 0);
        return Bytes.wrap(encoded);
    }

    /**
     * Reads a number from {@code buffer}.
     *
     * @throws IllegalArgumentException if the number is truncated, has more than nine bytes, or more than needed
     */
    public static long read(ByteBuffer buffer) {
        long value = 0;
        for (int index = 0; index < MAX_BYTES; index++) {
            if (!buffer.hasRemaining()) {
                throw new IllegalArgumentException("varint is truncated");
            }
            byte next = buffer.get();
            value |= (next & 0x7fL) << (7 * index);
            if (next >= 0) {
                if (next == 0 && index > 0) {
                    throw new IllegalArgumentException("varint must use the fewest bytes");
                }
                return value;
            }
        }
        throw new IllegalArgumentException("varint exceeds the limit of " + MAX_BYTES + " bytes");
    }
}
