package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;

/**
 * The name of a content: its multihash and the codec that reads it.
 *
 * <p>The DHT uses the multihash alone, so that versions and codecs of one content share their providers.
 *
 * @param version 0 or 1
 * @param codec the number of the codec in the multicodec table
 * @param multihash the hash of the content
 * @see <a href="https://github.com/multiformats/cid">CID</a>
 */
public record Cid(int version, long codec, Multihash multihash) {

    /** The codec of raw bytes. */
    public static final long RAW = 0x55;
    /** The codec of version 0, dag-pb. */
    public static final long DAG_PB = 0x70;
    /** The codec of public keys of libp2p, in the text form of peer ids. */
    public static final long LIBP2P_KEY = 0x72;

    private static final int V0_CHARS = 46;

    public Cid {
        requireNonNull(multihash, "multihash");
        if (version != 0 && version != 1) {
            throw new IllegalArgumentException("a CID has version 0 or 1, not " + version);
        }
        if (codec < 0) {
            throw new IllegalArgumentException("a codec has no negative number: " + codec);
        }
        if (version == 0 && (codec != DAG_PB || multihash.code() != Multihash.SHA2_256)) {
            throw new IllegalArgumentException("a CID of version 0 is a SHA-256 hash of dag-pb");
        }
    }

    /** Returns the CID of version 1. */
    public static Cid v1(long codec, Multihash multihash) {
        return new Cid(1, codec, multihash);
    }

    /**
     * Returns the CID that {@code text} is.
     *
     * @throws IllegalArgumentException with one clear line, if it is none
     */
    public static Cid parse(String text) {
        try {
            if (text.length() == V0_CHARS && text.startsWith("Qm")) {
                return new Cid(0, DAG_PB, Multihash.fromBytes(BaseX.BASE58.decode(text)));
            }
            Cid cid = fromBytes(Multibase.decode(text));
            if (cid.version == 0) {
                throw new IllegalArgumentException("a CID of version 0 names no base");
            }
            return cid;
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(Quoting.text(text) + " is no CID: " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Returns the CID that {@code bytes} are.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static Cid fromBytes(Bytes bytes) {
        if (bytes.size() == 2 + Sha256.BYTES && bytes.at(0) == Multihash.SHA2_256 && bytes.at(1) == Sha256.BYTES) {
            return new Cid(0, DAG_PB, Multihash.fromBytes(bytes));
        }
        ByteBuffer in = bytes.buffer();
        long version = UnsignedVarint.read(in);
        if (version != 1) {
            throw new IllegalArgumentException("a CID in bytes has version 1, not " + version);
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
