package io.kad.wire.key;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;

/**
 * Identity with a private key in memory, of any type. Thread-safe; its text form contains only the peer ID.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer IDs and keys</a>
 */
public abstract sealed class PrivateKeyIdentity implements Identity
        permits Ed25519Identity, EllipticCurveIdentity, RsaIdentity {

    /** Longest accepted private key, in bytes of its protobuf form; an RSA key of 8192 bits needs about half of it. */
    public static final int MAX_ENCODED_BYTES = 8192;

    private final KeyType type;
    private final Bytes publicKey;
    private final PeerId peerId;

    /** Creates an identity of {@code publicData}, the public key in the encoding of its type. */
    PrivateKeyIdentity(KeyType type, Bytes publicData) {
        this.type = type;
        this.publicKey = new KeyEnvelope(type, publicData).encode();
        this.peerId = PeerId.fromPublicKey(publicKey);
    }

    /**
     * Generates an identity from {@code random}: an RSA key of 2048 bits, which takes up to some seconds, an
     * ECDSA key on P-256, or a key of the other types.
     */
    public static PrivateKeyIdentity generate(KeyType type, SecureRandom random) {
        return KeyFormat.of(type).generator().apply(random);
    }

    /**
     * Decodes an identity from {@code protobuf}, the libp2p format of private keys. An ECDSA key may be in the form of SEC 1 or of PKCS #8.
     *
     * @throws MalformedMessageException with a message of one line, if it is not a private key, its size is not accepted, or its public part
     *     does not match
     */
    public static PrivateKeyIdentity decode(Bytes protobuf) throws MalformedMessageException {
        KeyEnvelope envelope = KeyEnvelope.decode(protobuf, MAX_ENCODED_BYTES);
        return KeyFormat.of(envelope.type()).privateKey().read(envelope.data());
    }

    /** Returns the type of the key. */
    public final KeyType type() {
        return type;
    }

    /**
     * Returns the private key in the libp2p format. It must be kept secret, because its holder can act as this peer.
     */
    public final Bytes privateKeyProtobuf() {
        return new KeyEnvelope(type, privateData()).encode();
    }

    /** Returns the private key in the encoding of its type. */
    abstract Bytes privateData();

    @Override
    public final PeerId peerId() {
        return peerId;
    }

    @Override
    public final Bytes publicKey() {
        return publicKey;
    }

    /** Returns the peer ID. */
    @Override
    public final String toString() {
        return peerId.toString();
    }
}
