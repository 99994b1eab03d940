package io.kad.api.id;

import java.nio.ByteBuffer;

/**
 * Kademlia key: an element of the 256-bit key space of peers and records. Immutable.
 *
 * <p>The key of a peer is the SHA-256 of its binary peer ID, that of a record the SHA-256 of its record key (libp2p
 * kad-dht specification, XOR distance).
 */
public final class KadKey {

    /** Length of a key in bits. */
    public static final int BITS = 256;

    private final long word0;
    private final long word1;
    private final long word2;
    private final long word3;

    private KadKey(long word0, long word1, long word2, long word3) {
        this.word0 = word0;
        this.word1 = word1;
        this.word2 = word2;
        this.word3 = word3;
    }

    /** Returns the key of {@code preimage}: its SHA-256. */
    public static KadKey hash(Bytes preimage) {
        return read(ByteBuffer.wrap(Sha256.digest(preimage)));
    }

    /**
     * Returns the key with the bytes of {@code digest}.
     *
     * @throws IllegalArgumentException if {@code digest} does not have 32 bytes
     */
    public static KadKey ofDigest(Bytes digest) {
        if (digest.size() != BITS / 8) {
            throw new IllegalArgumentException("Kademlia key must have 32 bytes, got " + digest.size());
        }
        return read(digest.buffer());
    }

    private static KadKey read(ByteBuffer digest) {
        return new KadKey(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    /** Returns the key of four words of 64 bits, the most significant first. */
    public static KadKey of(long word0, long word1, long word2, long word3) {
        return new KadKey(word0, word1, word2, word3);
    }

    /** Returns one of the four words of 64 bits; 0 is the most significant. */
    public long word(int index) {
        return switch (index) {
            case 0 -> word0;
            case 1 -> word1;
            case 2 -> word2;
            case 3 -> word3;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    /** Returns the XOR distance to {@code other}. */
    public Distance distance(KadKey other) {
        return Distance.of(word0 ^ other.word0, word1 ^ other.word1, word2 ^ other.word2, word3 ^ other.word3);
    }

    /** Returns the key at {@code distance} from this key. */
    public KadKey xor(Distance distance) {
        return new KadKey(
                word0 ^ distance.word0, word1 ^ distance.word1, word2 ^ distance.word2, word3 ^ distance.word3);
    }

    /**
     * Compares the distances of two keys to this key: negative if {@code left} is closer, zero only if both are equal.
     * Allocates nothing.
     */
    public int compareDistance(KadKey left, KadKey right) {
        if (left.word0 != right.word0) {
            return Long.compareUnsigned(word0 ^ left.word0, word0 ^ right.word0);
        }
        if (left.word1 != right.word1) {
            return Long.compareUnsigned(word1 ^ left.word1, word1 ^ right.word1);
        }
        if (left.word2 != right.word2) {
            return Long.compareUnsigned(word2 ^ left.word2, word2 ^ right.word2);
        }
        return Long.compareUnsigned(word3 ^ left.word3, word3 ^ right.word3);
    }

    /** Returns the length of the common prefix with {@code other} in bits, 0 to 256. */
    public int commonPrefixLength(KadKey other) {
        return Distance.leadingZeros(
                word0 ^ other.word0, word1 ^ other.word1, word2 ^ other.word2, word3 ^ other.word3);
    }

    /** Returns the 32 bytes of this key. */
    public Bytes bytes() {
        return Distance.of(word0, word1, word2, word3).bytes();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KadKey that
                && word0 == that.word0
                && word1 == that.word1
                && word2 == that.word2
                && word3 == that.word3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(word0 ^ word1 ^ word2 ^ word3);
    }

    /** Returns this key in hexadecimal. */
    @Override
    public String toString() {
        return bytes().hex();
    }
}
