package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * A digest together with the function that made it.
 *
 * @param code the function, by its number in the multicodec table
 * @param digest what the function made
 * @see <a href="https://github.com/multiformats/multihash">multihash</a>
 */
public record Multihash(long code, Bytes digest) {

    /** The number of the function that returns its argument. */
    public static final long IDENTITY = 0x00;
    /** The number of SHA-256. */
    public static final long SHA2_256 = 0x12;
    /** The longest digest that is accepted, in bytes. */
    public static final int MAX_DIGEST_BYTES = 128;

    public Multihash {
        requireNonNull(digest, "digest");
        if (code < 0) {
            throw new IllegalArgumentException("a hash function has no negative number: " + code);
        }
        if (digest.size() > MAX_DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    "a digest of " + digest.size() + " bytes is longer than " + MAX_DIGEST_BYTES);
        }
        if (code == SHA2_256 && digest.size() != Sha256.BYTES) {
            throw new IllegalArgumentException("a SHA-256 digest has 32 bytes, not " + digest.size());
        }
    }

    /** Returns the SHA-256 multihash of {@code content}. */
    public static Multihash sha256(Bytes content) {
        return new Multihash(SHA2_256, Bytes.wrap(Sha256.digest(content)));
    }

    /**
     * Returns the multihash that {@code bytes} are.
     *
     * @throws IllegalArgumentException if they are none, or more than one
     */
    public static Multihash fromBytes(Bytes bytes) {
        ByteBuffer in = bytes.buffer();
        Multihash hash = read(in);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes follow a multihash");
        }
        return hash;
    }

    static Multihash read(ByteBuffer in) {
        long code = UnsignedVarint.read(in);
        long size = UnsignedVarint.read(in);
        if (size > in.remaining()) {
            throw new IllegalArgumentException("a multihash is cut off");
        }
        ByteBuffer digest = in.slice(in.position(), (int) size);
        in.position(in.position() + (int) size);
        return new Multihash(code, Bytes.copyOf(digest));
    }

    /** Returns the binary form. */
    public Bytes bytes() {
        return Bytes.concat(UnsignedVarint.encode(code), UnsignedVarint.encode(digest.size()), digest);
    }

    /** Returns the binary form in base58. */
    @Override
    public String toString() {
        return BaseX.BASE58.encode(bytes());
    }
}
