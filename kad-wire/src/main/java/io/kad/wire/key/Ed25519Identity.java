package io.kad.wire.key;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An identity whose Ed25519 private key is held in memory. Thread-safe; its text form shows the peer id alone. */
public final class Ed25519Identity implements Identity {

    /** The length of the seed that a key is made from, in bytes. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private static final int KEY_BYTES = Ed25519.PUBLIC_KEY_SIZE;
    private static final int PAIR_BYTES = SEED_BYTES + KEY_BYTES;
    private static final int OLD_PAIR_BYTES = PAIR_BYTES + KEY_BYTES;
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

    /** Returns a new identity from {@code random}. */
    public static Ed25519Identity generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return new Ed25519Identity(seed);
    }

    /**
     * Returns the identity that {@code seed} always gives.
     *
     * @throws IllegalArgumentException if it is not of {@value #SEED_BYTES} bytes
     */
    public static Ed25519Identity fromSeed(Bytes seed) {
        if (seed.size() != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has " + SEED_BYTES + " bytes, not " + seed.size());
        }
        return new Ed25519Identity(seed.toArray());
    }

    /**
     * Returns the identity stored as {@code protobuf}, the form in which libp2p keeps private keys.
     *
     * @throws MalformedMessageException with one clear line, if it is no private key, one of another type, or one whose public part
     *     is not its own
     */
    public static Ed25519Identity fromPrivateKeyProtobuf(Bytes protobuf) throws MalformedMessageException {
        KeyEnvelope envelope = KeyEnvelope.decode(protobuf, MAX_ENCODED_BYTES);
        if (envelope.type() != KeyType.ED25519) {
            throw VerifyingKey.invalid("the private key is of type " + envelope.type() + ", not " + KeyType.ED25519);
        }
        byte[] data = envelope.data().toArray();
        if (data.length != PAIR_BYTES && data.length != OLD_PAIR_BYTES) {
            throw VerifyingKey.invalid("an Ed25519 private key has " + PAIR_BYTES + " bytes, not " + data.length);
        }
        Ed25519Identity identity = new Ed25519Identity(Arrays.copyOf(data, SEED_BYTES));
        for (int at = SEED_BYTES; at < data.length; at += KEY_BYTES) {
            if (!Arrays.equals(data, at, at + KEY_BYTES, identity.rawPublicKey, 0, KEY_BYTES)) {
                throw VerifyingKey.invalid("the public part of the Ed25519 private key does not belong to it");
            }
        }
        return identity;
    }

    /** Returns the private key in the form in which libp2p stores it. Whoever has it is this peer. */
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

    /** Returns the peer id. */
    @Override
    public String toString() {
        return peerId.toString();
    }
}
