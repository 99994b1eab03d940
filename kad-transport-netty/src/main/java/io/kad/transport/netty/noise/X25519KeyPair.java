package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.WEAK_KEY;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * X25519 key pair.
 *
 * <p>Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748</a>
 */
public final class X25519KeyPair {
    static final int KEY_BYTES = X25519.POINT_SIZE;

    private final byte[] privateKey;
    private final byte[] publicKey = new byte[KEY_BYTES];

    private X25519KeyPair(byte[] privateKey) {
        this.privateKey = privateKey;
        X25519.generatePublicKey(privateKey, 0, publicKey, 0);
    }

    /** Generates a random key pair. */
    public static X25519KeyPair generate(SecureRandom random) {
        byte[] key = new byte[KEY_BYTES];
        X25519.generatePrivateKey(random, key);
        return new X25519KeyPair(key);
    }

    /**
     * Returns the key pair of a private key of 32 bytes.
     *
     * @throws IllegalArgumentException if the key has another length
     */
    public static X25519KeyPair of(byte[] privateKey) {
        if (privateKey.length != KEY_BYTES) {
            throw new IllegalArgumentException(
                    "X25519 key must have %d bytes, got %d".formatted(KEY_BYTES, privateKey.length));
        }
        return new X25519KeyPair(privateKey.clone());
    }

    /** Returns the public key itself; the caller must not change it. */
    byte[] publicKey() {
        return publicKey;
    }

    /**
     * Returns the secret shared with the owner of {@code remotePublicKey}.
     *
     * @throws NoiseException if the key is of small order, which would make the secret public
     */
    byte[] agree(byte[] remotePublicKey) throws NoiseException {
        byte[] secret = new byte[KEY_BYTES];
        if (!X25519.calculateAgreement(privateKey, 0, remotePublicKey, 0, secret, 0)) {
            throw new NoiseException(WEAK_KEY, "key of the remote peer is a point of small order");
        }
        return secret;
    }
}
