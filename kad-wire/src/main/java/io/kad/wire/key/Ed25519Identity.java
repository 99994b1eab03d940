package io.kad.wire.key;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Identity with an Ed25519 private key in memory. Thread-safe; its text form contains only the peer ID. */
public final class Ed25519Identity implements Identity {

    static {
        BouncyCastle.initialize();
    }

    /** Length of the seed of a key, in bytes. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private static final int KEY_BYTES = Ed25519.PUBLIC_KEY_SIZE;
    private static final int PAIR_BYTES = SEED_BYTES + KEY_BYTES;
    private static final int LEGACY_PAIR_BYTES = PAIR_BYTES + KEY_BYTES;
    private static final int MAX_ENCODED_BYTES = 8192;

    private final byte[] seed;
    private final byte[] rawPublicKey;
    private final Bytes publicKey;
    private final PeerId peerId;

    private Ed25519Identity(byte[] seed) {
        this.seed = seed;
        this.rawPublicKey = new byte[KEY_BYTES];
        Ed25519.generatePublicKey(seed, 0, rawPublicKey, 0);
        this.publicKey = new KeyEnvelope(KeyType.ED25519, Bytes.of(rawPublicKey)).encode();
        this.peerId = PeerId.fromPublicKey(publicKey);
    }

    /** Generates an identity from {@code random}. */
    public static Ed25519Identity generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new Ed25519Identity(seed);
    }

    /**
     * Derives the identity of {@code seed}; the same seed gives the same identity.
     *
     * @throws IllegalArgumentException if the seed does not have {@value #SEED_BYTES} bytes
     */
    public static Ed25519Identity fromSeed(Bytes seed) {
        if (seed.size() != SEED_BYTES) {
            throw new IllegalArgumentException("Ed25519 seed must have " + SEED_BYTES + " bytes, got " + seed.size());
        }
        return new Ed25519Identity(seed.toArray());
    }

    /**
     * Decodes an identity from {@code protobuf}, the libp2p format of private keys.
     *
     * @throws MalformedMessageException with a message of one line, if it is not a private key, has another type, or
     *     its public part does not match
     */
    public static Ed25519Identity fromPrivateKeyProtobuf(Bytes protobuf) throws MalformedMessageException {
        KeyEnvelope envelope = KeyEnvelope.decode(protobuf, MAX_ENCODED_BYTES);
        if (envelope.type() != KeyType.ED25519) {
            throw VerifyingKey.invalid("private key must be of type " + KeyType.ED25519 + ", got " + envelope.type());
        }
        byte[] data = envelope.data().toArray();
        if (data.length != PAIR_BYTES && data.length != LEGACY_PAIR_BYTES) {
            throw VerifyingKey.invalid("Ed25519 private key must have " + PAIR_BYTES + " bytes, got " + data.length);
        }
        Ed25519Identity identity = new Ed25519Identity(Arrays.copyOf(data, SEED_BYTES));
        for (int offset = SEED_BYTES; offset < data.length; offset += KEY_BYTES) {
            if (!Arrays.equals(data, offset, offset + KEY_BYTES, identity.rawPublicKey, 0, KEY_BYTES)) {
                throw VerifyingKey.invalid("public part of the Ed25519 private key does not match it");
            }
        }
        return identity;
    }

    /**
     * Returns the private key in the libp2p format. It must be kept secret, because its holder can act as this peer.
     */
    public Bytes privateKeyProtobuf() {
        return new KeyEnvelope(KeyType.ED25519, Bytes.concat(Bytes.of(seed), Bytes.of(rawPublicKey))).encode();
    }

    @Override
    public PeerId peerId() {
        return peerId;
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, rawPublicKey, 0, message.toArray(), 0, message.size(), signature, 0);
        return Bytes.of(signature);
    }

    /** Returns the peer ID. */
    @Override
    public String toString() {
        return peerId.toString();
    }
}
