package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.BAD_TAG;
import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A ChaCha20-Poly1305 key and the number of the next message, for one direction.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-cipherstate-object">Noise, 5.1</a>
 */
public final class CipherState {

    /** The bytes that encryption adds to a plaintext. */
    public static final int TAG_BYTES = 16;

    private static final byte[] NO_DATA = new byte[0];
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;
    private static final long LAST_NONCE = -1;

    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long next;

    CipherState(byte[] key) {
        this(key, newCipher());
    }

    /** Makes a state that takes over the cipher of a predecessor with another key. */
    CipherState(byte[] key, Cipher cipher) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.cipher = cipher;
    }

    static Cipher newCipher() {
        try {
            return Cipher.getInstance("ChaCha20-Poly1305");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks ChaCha20-Poly1305", e);
        }
    }

    /**
     * Encrypts in place and appends the tag.
     *
     * @param buffer has room for {@link #TAG_BYTES} behind the plaintext
     * @param offset where the plaintext begins
     * @param length the plaintext's length
     * @return the ciphertext's length
     */
    public int encrypt(byte[] buffer, int offset, int length) {
        return encrypt(NO_DATA, buffer, offset, length, buffer, offset);
    }

    /**
     * Decrypts in place.
     *
     * @param buffer holds the ciphertext
     * @param offset where the ciphertext begins, and the plaintext afterwards
     * @param length the ciphertext's length, tag included
     * @return the plaintext's length
     * @throws NoiseException if the tag does not match
     */
    public int decrypt(byte[] buffer, int offset, int length) throws NoiseException {
        return decrypt(NO_DATA, buffer, offset, length, buffer, offset);
    }

    int encrypt(byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        try {
            begin(Cipher.ENCRYPT_MODE, associated);
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    int decrypt(byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset)
            throws NoiseException {
        if (length < TAG_BYTES) {
            throw new NoiseException(MALFORMED, "a ciphertext of %d bytes".formatted(length));
        }
        try {
            begin(Cipher.DECRYPT_MODE, associated);
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            throw new NoiseException(BAD_TAG, "a ciphertext that this key did not make", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("decryption failed", e);
        }
    }

    private void begin(int mode, byte[] associated) throws GeneralSecurityException {
        if (next == LAST_NONCE) {
            throw new IllegalStateException("the key is used up");
        }
        long number = next++;
        for (int i = COUNTER_OFFSET; i < NONCE_BYTES; i++) {
            nonce[i] = (byte) number;
            number >>>= Byte.SIZE;
        }
        cipher.init(mode, key, new IvParameterSpec(nonce));
        if (associated.length > 0) {
            cipher.updateAAD(associated);
        }
    }
}
