package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.BAD_TAG;
import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * ChaCha20-Poly1305 key and nonce counter for one direction of a connection.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-cipherstate-object">Noise, 5.1</a>
 */
public final class CipherState {

    /** Length of the authentication tag that encryption appends, in bytes. */
    public static final int TAG_BYTES = 16;

    private static final byte[] NO_DATA = new byte[0];
    private static final int NONCE_BYTES = 12;
    private static final int COUNTER_OFFSET = 4;
    private static final long RESERVED_NONCE = -1;

    private final AeadCiphers ciphers;
    private final Cipher cipher;
    private final SecretKeySpec key;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private long nextNonce;

    CipherState(byte[] key, AeadCiphers ciphers) {
        this(key, ciphers, ciphers.newCipher());
    }

    /** Creates a state with a new key that reuses the cipher of its predecessor. */
    CipherState(byte[] key, AeadCiphers ciphers, Cipher cipher) {
        this.ciphers = ciphers;
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.cipher = cipher;
    }

    /** Returns a buffer for messages of up to {@code maxBytes}, where its cipher works without a copy. */
    ByteBuf newBuffer(ByteBufAllocator allocator, int initialBytes, int maxBytes) {
        return ciphers.newBuffer(allocator, initialBytes, maxBytes);
    }

    /** Returns a buffer for the cipher with the bytes of {@code message}, whose ownership passes to this call: that one, or a copy. */
    ByteBuf toCipherBuffer(ByteBufAllocator allocator, ByteBuf message) {
        return ciphers.toCipherBuffer(allocator, message);
    }

    /**
     * Encrypts in place and appends the tag.
     *
     * @param message buffer of one piece, with room for {@link #TAG_BYTES} after the plaintext
     * @param index start of the plaintext
     * @param length length of the plaintext
     * @return the length of the ciphertext
     */
    int encrypt(ByteBuf message, int index, int length) {
        if (message.hasArray()) {
            int offset = message.arrayOffset() + index;
            return encrypt(NO_DATA, message.array(), offset, length, message.array(), offset);
        }
        try {
            init(Cipher.ENCRYPT_MODE, NO_DATA);
            return cipher.doFinal(
                    message.internalNioBuffer(index, length), message.nioBuffer(index, length + TAG_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    /**
     * Decrypts in place.
     *
     * @param message buffer of one piece
     * @param index start of the ciphertext, and of the plaintext afterwards
     * @param length length of the ciphertext with its tag
     * @return the length of the plaintext
     * @throws NoiseException if the ciphertext is too short or its tag does not match; the connection must be closed
     */
    int decrypt(ByteBuf message, int index, int length) throws NoiseException {
        if (message.hasArray()) {
            int offset = message.arrayOffset() + index;
            return decrypt(NO_DATA, message.array(), offset, length, message.array(), offset);
        }
        requireTag(length);
        try {
            init(Cipher.DECRYPT_MODE, NO_DATA);
            return cipher.doFinal(message.internalNioBuffer(index, length), message.nioBuffer(index, length));
        } catch (AEADBadTagException e) {
            throw badTag(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("decryption failed", e);
        }
    }

    int encrypt(byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
        try {
            init(Cipher.ENCRYPT_MODE, associated);
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("encryption failed", e);
        }
    }

    int decrypt(byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset)
            throws NoiseException {
        requireTag(length);
        try {
            init(Cipher.DECRYPT_MODE, associated);
            return cipher.doFinal(in, inOffset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            throw badTag(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("decryption failed", e);
        }
    }

    private static void requireTag(int length) throws NoiseException {
        if (length < TAG_BYTES) {
            throw new NoiseException(
                    MALFORMED, "ciphertext must have at least %d bytes, got %d".formatted(TAG_BYTES, length));
        }
    }

    private static NoiseException badTag(AEADBadTagException cause) {
        return new NoiseException(BAD_TAG, "decryption failed: bad authentication tag", cause);
    }

    private void init(int mode, byte[] associated) throws GeneralSecurityException {
        if (nextNonce == RESERVED_NONCE) {
            throw new IllegalStateException("nonces of this key are exhausted");
        }
        long nonceValue = nextNonce++;
        for (int i = COUNTER_OFFSET; i < NONCE_BYTES; i++) {
            nonce[i] = (byte) nonceValue;
            nonceValue >>>= Byte.SIZE;
        }
        cipher.init(mode, key, new IvParameterSpec(nonce));
        if (associated.length > 0) {
            cipher.updateAAD(associated);
        }
    }
}
