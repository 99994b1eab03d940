package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;

/**
 * Public key of a peer, which identifies it and verifies its signatures.
 *
 * <p>Equality is that of the canonical encoding. Immutable and thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids and keys</a>
 */
public final class PublicKey {

    /** Longest accepted key, in bytes of its protobuf form; an RSA key of 8192 bits needs about half of it. */
    public static final int MAX_ENCODED_BYTES = 2048;

    private final KeyType type;
    private final VerifyingKey key;
    private final Bytes encoded;
    private final PeerId peerId;

    private PublicKey(KeyType type, VerifyingKey key) {
        this.type = type;
        this.key = key;
        this.encoded = new KeyEnvelope(type, key.data()).encode();
        this.peerId = PeerId.fromPublicKey(encoded);
    }

    /**
     * Decodes a key; accepts its fields in any order and ignores unknown ones.
     *
     * @throws MalformedMessageException if {@code protobuf} is not a key, or its type or size is not accepted
     */
    public static PublicKey decode(Bytes protobuf) throws MalformedMessageException {
        KeyEnvelope envelope = KeyEnvelope.decode(protobuf, MAX_ENCODED_BYTES);
        return new PublicKey(
                envelope.type(), KeyFormat.of(envelope.type()).publicKey().read(envelope.data()));
    }

    /** Returns the type of the key. */
    public KeyType type() {
        return type;
    }

    /**
     * Returns whether {@code signature} is a valid signature of {@code message} by this key; false for malformed ones.
     */
    public boolean verify(Bytes message, Bytes signature) {
        return key.verify(message, signature);
    }

    /** Returns the ID of the peer with this key. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the canonical protobuf form, from which the peer ID is computed. */
    public Bytes encoded() {
        return encoded;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && encoded.equals(that.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /** Returns the type and the peer ID. */
    @Override
    public String toString() {
        return type + " key of " + peerId;
    }
}
