package io.kad.transport.netty.noise;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.DigestException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Symmetric state of a handshake: chaining key, hash of everything sent and received, and the current key derived from both. Not
 * thread-safe.
 *
 * @see <a href="https://noiseprotocol.org/noise.html#the-symmetricstate-object">Noise, 5.2</a>
 */
final class SymmetricState {
    private static final int HASH_BYTES = 32;
    private static final String HMAC = "HmacSHA256";
    private static final byte[] NO_KEY_MATERIAL = new byte[0];

    private final MessageDigest sha256;
    private final Mac hmac;
    private final AeadCiphers ciphers = AeadCiphers.ofProcess();
    private final Cipher cipher = ciphers.newCipher();
    private final byte[] hash;
    private byte[] chainingKey;
    private @Nullable CipherState key;

    /**
     * Creates the initial state from a protocol name of exactly {@value #HASH_BYTES} bytes, which then needs no
     * hashing.
     */
    SymmetricState(String protocolName) {
        hash = protocolName.getBytes(US_ASCII);
        if (hash.length != HASH_BYTES) {
            throw new IllegalArgumentException(
                    "protocol name must have " + HASH_BYTES + " bytes, got '" + protocolName + "'");
        }
        chainingKey = hash.clone();
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            hmac = Mac.getInstance(HMAC);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("missing SHA-256 in this Java runtime", e);
        }
    }

    void mixHash(byte[] data, int offset, int length) {
        sha256.update(hash);
        sha256.update(data, offset, length);
        try {
            sha256.digest(hash, 0, HASH_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    void mixKey(byte[] keyMaterial) {
        byte[][] derived = derive(keyMaterial);
        chainingKey = derived[0];
        key = new CipherState(derived[1], ciphers, cipher);
    }

    /** Writes {@code data} to {@code out}, encrypted once there is a key, and returns the end offset. */
    int encryptAndHash(byte[] data, byte[] out, int offset) {
        int length = data.length;
        CipherState current = key;
        if (current == null) {
            System.arraycopy(data, 0, out, offset, length);
        } else {
            length = current.encrypt(hash, data, 0, length, out, offset);
        }
        mixHash(out, offset, length);
        return offset + length;
    }

    /** Decrypts the output of {@link #encryptAndHash}. */
    byte[] decryptAndHash(byte[] in, int offset, int length) throws NoiseException {
        CipherState current = key;
        byte[] data;
        if (current == null) {
            data = Arrays.copyOfRange(in, offset, offset + length);
        } else {
            data = new byte[Math.max(0, length - CipherState.TAG_BYTES)];
            current.decrypt(hash, in, offset, length, data, 0);
        }
        mixHash(in, offset, length);
        return data;
    }

    /** Returns the bytes that encryption adds in the current state. */
    int overhead() {
        return key == null ? 0 : CipherState.TAG_BYTES;
    }

    /** Returns the transport keys: first that of the initiator's messages, then that of the responder's. */
    CipherState[] split() {
        byte[][] keys = derive(NO_KEY_MATERIAL);
        return new CipherState[] {new CipherState(keys[0], ciphers, cipher), new CipherState(keys[1], ciphers)};
    }

    byte[] hash() {
        return hash.clone();
    }

    private byte[][] derive(byte[] keyMaterial) {
        try {
            hmac.init(new SecretKeySpec(chainingKey, HMAC));
            byte[] temporary = hmac.doFinal(keyMaterial);
            hmac.init(new SecretKeySpec(temporary, HMAC));
            byte[] first = hmac.doFinal(new byte[] {1});
            hmac.update(first);
            hmac.update((byte) 2);
            byte[] second = hmac.doFinal();
            return new byte[][] {first, second};
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
