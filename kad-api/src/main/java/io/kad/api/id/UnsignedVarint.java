package io.kad.api.id;

import java.nio.ByteBuffer;

/**
 * The variable-length integers of multiformats: seven bits a byte, least significant first, in the fewest bytes, at most nine.
 *
 * @see <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>
 */
public final class UnsignedVarint {

    /** The most bytes a number takes. */
    public static final int MAX_BYTES = 9;

    private UnsignedVarint() {}

    /** Returns how many bytes {@code value}, which is not negative, takes. */
    public static int size(long value) {
        checkNotNegative(value);
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** Writes {@code value}, which is not negative, at {@code offset} and returns the offset behind it. */
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
            throw new IllegalArgumentException("a varint is not negative: " + value);
        }
    }

    /** Returns {@code value}, which is not negative, as bytes. */
    public static Bytes encode(long value) {
        byte[] encoded = new byte[size(value)];
        write(value, encoded, 0);
        return Bytes.wrap(encoded);
    }

    /**
     * Reads a number from {@code buffer}.
     *
     * @throws IllegalArgumentException if the bytes end within it, or are more than nine, or more than needed
     */
    public static long read(ByteBuffer buffer) {
        long value = 0;
        for (int index = 0; index < MAX_BYTES; index++) {
            if (!buffer.hasRemaining()) {
                throw new IllegalArgumentException("a varint is cut off");
            }
            byte next = buffer.get();
            value |= (next & 0x7fL) << (7 * index);
            if (next >= 0) {
                if (next == 0 && index > 0) {
                    throw new IllegalArgumentException("a varint is longer than needed");
                }
                return value;
            }
        }
        throw new IllegalArgumentException("a varint is longer than " + MAX_BYTES + " bytes");
    }
}
