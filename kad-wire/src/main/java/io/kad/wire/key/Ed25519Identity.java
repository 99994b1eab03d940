package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Identity with an Ed25519 private key in memory. Thread-safe; its text form contains only the peer ID. */
public final class Ed25519Identity extends PrivateKeyIdentity {

    static {
        BouncyCastle.initialize();
    }

    /** Length of the seed of a key, in bytes. */
    public static final int SEED_BYTES = Ed25519.SECRET_KEY_SIZE;

    private static final int KEY_BYTES = Ed25519.PUBLIC_KEY_SIZE;
    private static final int PAIR_BYTES = SEED_BYTES + KEY_BYTES;
    private static final int LEGACY_PAIR_BYTES = PAIR_BYTES + KEY_BYTES;

    private final byte[] seed;
    private final byte[] rawPublicKey;

    private Ed25519Identity(byte[] seed, byte[] rawPublicKey) {
        super(KeyType.ED25519, Bytes.of(rawPublicKey));
        this.seed = seed;
        this.rawPublicKey = rawPublicKey;
    }

    private static Ed25519Identity ofSeed(byte[] seed) {
        byte[] rawPublicKey = new byte[KEY_BYTES];
        Ed25519.generatePublicKey(seed, 0, rawPublicKey, 0);
        return new Ed25519Identity(seed, rawPublicKey);
    }

    /** Generates an identity from {@code random}. */
    public static Ed25519Identity generate(SecureRandom random) {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        return ofSeed(seed);
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
        return ofSeed(seed.toArray());
    }

    /** Parses a seed that its public key follows, once or, in an old format, twice. */
    static Ed25519Identity parse(Bytes privateData) throws MalformedMessageException {
        byte[] data = privateData.toArray();
        if (data.length != PAIR_BYTES && data.length != LEGACY_PAIR_BYTES) {
            throw VerifyingKey.invalid("Ed25519 private key must have " + PAIR_BYTES + " bytes, got " + data.length);
        }
        Ed25519Identity identity = ofSeed(Arrays.copyOf(data, SEED_BYTES));
        for (int offset = SEED_BYTES; offset < data.length; offset += KEY_BYTES) {
            if (!Arrays.equals(data, offset, offset + KEY_BYTES, identity.rawPublicKey, 0, KEY_BYTES)) {
                throw VerifyingKey.invalid("public part of the Ed25519 private key does not match it");
            }
        }
        return identity;
    }

    @Override
    Bytes privateData() {
        return Bytes.concat(Bytes.of(seed), Bytes.of(rawPublicKey));
    }

    @Override
    public Bytes sign(Bytes message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, rawPublicKey, 0, message.toArray(), 0, message.size(), signature, 0);
        return Bytes.of(signature);
    }
}
