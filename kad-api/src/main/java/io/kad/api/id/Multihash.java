package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * Multihash: a digest and the hash function that produced it. Immutable.
 *
 * @param code code of the hash function in the multicodec table
 * @param digest output of the hash function
 * @see <a href="https://github.com/multiformats/multihash">multihash</a>
 */
public record Multihash(long code, Bytes digest) {

    /** Code of the identity function. */
    public static final long IDENTITY = 0x00;
    /** Code of SHA-256. */
    public static final long SHA2_256 = 0x12;
    /** Longest accepted digest, in bytes. */
    public static final int MAX_DIGEST_BYTES = 128;

    public Multihash {
        requireNonNull(digest, "digest");
        if (code < 0) {
            throw new IllegalArgumentException("hash function code must not be negative, got " + code);
        }
        if (digest.size() > MAX_DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    "digest of " + digest.size() + " bytes exceeds the limit of " + MAX_DIGEST_BYTES);
        }
        if (code == SHA2_256 && digest.size() != Sha256.BYTES) {
            throw new IllegalArgumentException("SHA-256 digest must have 32 bytes, got " + digest.size());
        }
    }

    /** Returns the SHA-256 multihash of {@code content}. */
    public static Multihash sha256(Bytes content) {
        return new Multihash(SHA2_256, Bytes.wrap(Sha256.digest(content)));
    }

    /**
     * Decodes a multihash.
     *
     * @throws IllegalArgumentException if {@code bytes} are not exactly one multihash
     */
    public static Multihash fromBytes(Bytes bytes) {
        ByteBuffer in = bytes.buffer();
        Multihash hash = read(in);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("unexpected " + in.remaining() + " bytes after a multihash");
        }
        return hash;
    }

    static Multihash read(ByteBuffer in) {
        long code = UnsignedVarint.read(in);
        long size = UnsignedVarint.read(in);
        if (size > in.remaining()) {
            throw new IllegalArgumentException("multihash is truncated");
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
