package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * Content identifier (CID): multihash of a content and the codec that decodes it. Immutable.
 *
 * <p>The DHT uses only the multihash, so all versions and codecs of a content share their providers.
 *
 * @param version 0 or 1
 * @param codec code of the codec in the multicodec table
 * @param multihash hash of the content
 * @see <a href="https://github.com/multiformats/cid">CID</a>
 */
public record Cid(int version, long codec, Multihash multihash) {

    /** Codec of raw bytes. */
    public static final long RAW = 0x55;
    /** Codec dag-pb, the only one of version 0. */
    public static final long DAG_PB = 0x70;
    /** Codec of libp2p public keys, in the text form of peer IDs. */
    public static final long LIBP2P_KEY = 0x72;

    private static final int V0_CHARS = 46;

    public Cid {
        requireNonNull(multihash, "multihash");
        if (version != 0 && version != 1) {
            throw new IllegalArgumentException("CID version must be 0 or 1, got " + version);
        }
        if (codec < 0) {
            throw new IllegalArgumentException("codec must not be negative, got " + codec);
        }
        if (version == 0 && (codec != DAG_PB || multihash.code() != Multihash.SHA2_256)) {
            throw new IllegalArgumentException("CID of version 0 must be a SHA-256 hash of dag-pb");
        }
    }

    /** Returns a CID of version 1. */
    public static Cid v1(long codec, Multihash multihash) {
        return new Cid(1, codec, multihash);
    }

    /**
     * Parses a CID.
     *
     * @throws IllegalArgumentException with a message of one line, if {@code text} is not a CID
     */
    public static Cid parse(String text) {
        try {
            if (text.length() == V0_CHARS && text.startsWith("Qm")) {
                return new Cid(0, DAG_PB, Multihash.fromBytes(BaseX.BASE58.decode(text)));
            }
            Cid cid = fromBytes(Multibase.decode(text));
            if (cid.version == 0) {
                throw new IllegalArgumentException("CID of version 0 must not have a multibase prefix");
            }
            return cid;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid CID " + Quoting.text(text) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Decodes a CID.
     *
     * @throws IllegalArgumentException if {@code bytes} are not a CID
     */
    public static Cid fromBytes(Bytes bytes) {
        if (bytes.size() == 2 + Sha256.BYTES && bytes.at(0) == Multihash.SHA2_256 && bytes.at(1) == Sha256.BYTES) {
            return new Cid(0, DAG_PB, Multihash.fromBytes(bytes));
        }
        ByteBuffer in = bytes.buffer();
        long version = UnsignedVarint.read(in);
        if (version != 1) {
            throw new IllegalArgumentException("CID version in bytes must be 1, got " + version);
        }
        long codec = UnsignedVarint.read(in);
        return v1(codec, Multihash.fromBytes(Bytes.copyOf(in)));
    }

    /** Returns the binary form. */
    public Bytes bytes() {
        return version == 0
                ? multihash.bytes()
                : Bytes.concat(UnsignedVarint.encode(version), UnsignedVarint.encode(codec), multihash.bytes());
    }

    /** Returns base58 for version 0, and base32 for version 1. */
    @Override
    public String toString() {
        return version == 0 ? BaseX.BASE58.encode(bytes()) : Multibase.base32(bytes());
    }
}
