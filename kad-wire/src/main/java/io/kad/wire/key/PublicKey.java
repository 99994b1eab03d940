package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;

/**
 * The public key that names a peer and checks what it signed.
 *
 * <p>Equality is that of the canonical encoding.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids and keys</a>
 */
public final class PublicKey {

    /** The longest key that is read, in bytes of its protobuf form; an RSA key of 8192 bits takes about half of it. */
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
     * Returns the key that {@code protobuf} is, in whatever order and among whatever other fields its parts come.
     *
     * @throws MalformedMessageException if it is none, or one of a type or size that is not accepted
     */
    public static PublicKey decode(Bytes protobuf) throws MalformedMessageException {
        KeyEnvelope envelope = KeyEnvelope.decode(protobuf, MAX_ENCODED_BYTES);
        return new PublicKey(envelope.type(), VerifyingKey.parse(envelope.type(), envelope.data()));
    }

    /** Returns the type of the key. */
    public KeyType type() {
        return type;
    }

    /** Returns whether {@code signature} is one of {@code message} by this key; false for whatever is no signature. */
    public boolean verify(Bytes message, Bytes signature) {
        return key.verify(message, signature);
    }

    /** Returns the id of the peer that has this key. */
    public PeerId peerId() {
        return peerId;
    }

    /** Returns the canonical protobuf form, which the peer id is computed from. */
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

    /** Returns the type and the peer id. */
    @Override
    public String toString() {
        return type + " key of " + peerId;
    }
}
