package io.kad.api.id;

import java.nio.ByteBuffer;

/**
 * XOR distance between two keys of the key space, an unsigned number of 256 bits. Immutable.
 *
 * @see KadKey#distance
 */
public final class Distance implements Comparable<Distance> {

    /** The distance of a key to itself. */
    public static final Distance ZERO = new Distance(0, 0, 0, 0);
    /** The largest distance. */
    public static final Distance MAX = new Distance(-1, -1, -1, -1);

    final long word0;
    final long word1;
    final long word2;
    final long word3;

    private Distance(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /** Returns the distance of four words of 64 bits, the most significant first. */
    public static Distance of(long word0, long word1, long word2, long word3) {
        return new Distance(word0, word1, word2, word3);
    }

    /** Returns whether this distance is zero. */
    public boolean isZero() {
        return (word0 | word1 | word2 | word3) == 0;
    }

    /** Returns the index of the highest set bit, 0 to 255, or -1 for zero. */
    public int log2() {
        return 255 - leadingZeros(word0, word1, word2, word3);
    }

    static int leadingZeros(long word0, long word1, long word2, long word3) {
        if (word0 != 0) {
            return Long.numberOfLeadingZeros(word0);
        }
        if (word1 != 0) {
            return 64 + Long.numberOfLeadingZeros(word1);
        }
        if (word2 != 0) {
            return 128 + Long.numberOfLeadingZeros(word2);
        }
        return 192 + Long.numberOfLeadingZeros(word3);
    }

    /** Returns this distance as 32 bytes, the most significant first. */
    public Bytes bytes() {
        return Bytes.wrap(ByteBuffer.allocate(32)
                .putLong(word0)
                .putLong(word1)
                .putLong(word2)
                .putLong(word3)
                .array());
    }

    @Override
    public int compareTo(Distance other) {
        if (word0 != other.word0) {
            return Long.compareUnsigned(word0, other.word0);
        }
        if (word1 != other.word1) {
            return Long.compareUnsigned(word1, other.word1);
        }
        if (word2 != other.word2) {
            return Long.compareUnsigned(word2, other.word2);
        }
        return Long.compareUnsigned(word3, other.word3);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distance that
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(word0 * 31 + word1 * 17 + word2 * 7 + word3);
    }

    /** Returns this distance in hexadecimal. */
    @Override
    public String toString() {
        return bytes().hex();
    }
}
