package io.kad.api.id;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The name of a peer: the multihash of its public key.
 *
 * <p>A key of up to 42 bytes is its own hash, so that small keys can be read off the id. Equality and order are those of the
 * binary form.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids</a>
 */
public final class PeerId implements Comparable<PeerId> {

    /** The longest public key that becomes part of the id, in bytes. */
    public static final int MAX_INLINE_KEY_BYTES = 42;

    private final Bytes bytes;
    private volatile @Nullable KadKey kadKey;

    private final int hash;

    private PeerId(Bytes bytes) {
        this.bytes = bytes;
        this.hash = bytes.hashCode();
    }

    /**
     * Returns the peer whose binary id is {@code multihash}: SHA-256, or the identity of at most {@value
     * #MAX_INLINE_KEY_BYTES} bytes.
     *
     * @throws IllegalArgumentException if it is no such multihash
     */
    public static PeerId fromBytes(Bytes multihash) {
        check(multihash, 0, multihash.size());
        return new PeerId(multihash);
    }

    /** Returns the peer whose binary id is {@code bytes}, or empty if that is none, as of other keys that may stand in its place. */
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

    /** Refuses what is no binary peer id among {@code whole}. */
    static void check(Bytes whole, int from, int to) {
        if (isBinary(whole, from, to)) {
            return;
        }
        Multihash hash = Multihash.fromBytes(whole.slice(from, to));
        throw new IllegalArgumentException(
                hash.code() == Multihash.IDENTITY
                        ? "a peer id holds a key of at most " + MAX_INLINE_KEY_BYTES + " bytes"
                        : "a peer id is a SHA-256 or identity multihash, not one of function " + hash.code());
    }

    /** Returns the id of the peer with this public key in its canonical protobuf form. */
    public static PeerId fromPublicKey(Bytes canonicalProtobuf) {
        return new PeerId(
                canonicalProtobuf.size() <= MAX_INLINE_KEY_BYTES
                        ? new Multihash(Multihash.IDENTITY, canonicalProtobuf).bytes()
                        : Multihash.sha256(canonicalProtobuf).bytes());
    }

    /**
     * Returns the peer that {@code text} names: a multihash in base58, or a CID of codec libp2p-key.
     *
     * @throws IllegalArgumentException with one clear line, if it names none
     */
    public static PeerId parse(String text) {
        try {
            if (text.startsWith("1") || text.startsWith("Qm")) {
                return fromBytes(BaseX.BASE58.decode(text));
            }
            Cid cid = Cid.parse(text);
            if (cid.codec() != Cid.LIBP2P_KEY) {
                throw new IllegalArgumentException("its codec is not libp2p-key");
            }
            return fromBytes(cid.multihash().bytes());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    Quoting.text(text) + " is no peer id: " + malformed.getMessage(), malformed);
        }
    }

    /** Returns the binary form, a multihash. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns the public key in protobuf form, if the id holds one; whether it is a key is not checked. */
    public Optional<Bytes> inlinePublicKey() {
        Multihash hash = Multihash.fromBytes(bytes);
        return hash.code() == Multihash.IDENTITY ? Optional.of(hash.digest()) : Optional.empty();
    }

    /** Returns where this peer lives in the key space. Computed once. */
    public KadKey kadKey() {
        KadKey place = kadKey;
        if (place == null) {
            place = KadKey.hash(bytes);
            kadKey = place;
        }
        return place;
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
        return this == other || (other instanceof PeerId that && bytes.equals(that.bytes));
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
