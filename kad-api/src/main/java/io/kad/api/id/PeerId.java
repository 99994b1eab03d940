package io.kad.api.id;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Peer ID: the multihash of the public key of a peer. Immutable.
 *
 * <p>A key of up to {@value #MAX_INLINE_KEY_BYTES} bytes is hashed by the identity function, so small keys can be
 * extracted from the ID. Equality and order are those of the binary form.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids</a>
 */
public final class PeerId implements Comparable<PeerId> {

    /** Longest public key that the ID contains, in bytes. */
    public static final int MAX_INLINE_KEY_BYTES = 42;

    private final Bytes bytes;
    private volatile @Nullable KadKey kadKey;

    private final int hash;

    private PeerId(Bytes bytes) {
        this.bytes = bytes;
        this.hash = bytes.hashCode();
    }

    /**
     * Decodes a binary peer ID: a multihash of SHA-256, or of the identity function with at most {@value
     * #MAX_INLINE_KEY_BYTES} bytes.
     *
     * @throws IllegalArgumentException if {@code multihash} is not such a multihash
     */
    public static PeerId fromBytes(Bytes multihash) {
        check(multihash, 0, multihash.size());
        return new PeerId(multihash);
    }

    /** Decodes a binary peer ID; returns empty if {@code bytes} are not one, for keys that may be something else. */
    public static Optional<PeerId> tryFromBytes(Bytes bytes) {
        return isBinary(bytes, 0, bytes.size()) ? Optional.of(new PeerId(bytes)) : Optional.empty();
    }

    private static boolean isBinary(Bytes whole, int from, int to) {
        int digest = to - from - 2;
        if (digest < 0 || whole.at(from + 1) != digest) {
            return false;
        }
        boolean inline = whole.at(from) == Multihash.IDENTITY && digest <= MAX_INLINE_KEY_BYTES;
        return inline || (whole.at(from) == Multihash.SHA2_256 && digest == Sha256.BYTES);
    }

    /**
     * Checks that the bytes of {@code whole} from {@code from} to {@code to} are a binary peer ID; throws {@link
     * IllegalArgumentException} otherwise.
     */
    static void check(Bytes whole, int from, int to) {
        if (isBinary(whole, from, to)) {
            return;
        }
        Multihash hash = Multihash.fromBytes(whole.slice(from, to));
        throw new IllegalArgumentException(
                hash.code() == Multihash.IDENTITY
                        ? "inline key of a peer ID exceeds the limit of " + MAX_INLINE_KEY_BYTES + " bytes"
                        : "peer ID must be a SHA-256 or identity multihash, got function " + hash.code());
    }

    /** Returns the ID of the peer with this public key in its canonical protobuf form. */
    public static PeerId fromPublicKey(Bytes canonicalProtobuf) {
        return new PeerId(
                canonicalProtobuf.size() <= MAX_INLINE_KEY_BYTES
                        ? new Multihash(Multihash.IDENTITY, canonicalProtobuf).bytes()
                        : Multihash.sha256(canonicalProtobuf).bytes());
    }

    /**
     * Parses a peer ID: a multihash in base58, or a CID of codec libp2p-key.
     *
     * @throws IllegalArgumentException with a message of one line, if {@code text} is not a peer ID
     */
    public static PeerId parse(String text) {
        try {
            if (text.startsWith("1") || text.startsWith("Qm")) {
                return fromBytes(BaseX.BASE58.decode(text));
            }
            Cid cid = Cid.parse(text);
            if (cid.codec() != Cid.LIBP2P_KEY) {
                throw new IllegalArgumentException("codec must be libp2p-key, got 0x" + Long.toHexString(cid.codec()));
            }
            return fromBytes(cid.multihash().bytes());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("invalid peer ID " + Quoting.text(text) + ": " + e.getMessage(), e);
        }
    }

    /** Returns the binary form, a multihash. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns the public key in protobuf form if the ID contains it; the bytes are not checked to be a key. */
    public Optional<Bytes> inlinePublicKey() {
        Multihash hash = Multihash.fromBytes(bytes);
        return hash.code() == Multihash.IDENTITY ? Optional.of(hash.digest()) : Optional.empty();
    }

    /** Returns the Kademlia key of this peer. Computed once. */
    public KadKey kadKey() {
        KadKey key = kadKey;
        if (key == null) {
            key = KadKey.hash(bytes);
            kadKey = key;
        }
        return key;
    }

    /** Returns the text form as a CID of version 1. */
    public String toCid() {
        return Cid.v1(Cid.LIBP2P_KEY, Multihash.fromBytes(bytes)).toString();
    }

    @Override
    public int compareTo(PeerId other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof PeerId that && hash == that.hash && bytes.equals(that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Returns the text form in base58. */
    @Override
    public String toString() {
        return BaseX.BASE58.encode(bytes);
    }
}
