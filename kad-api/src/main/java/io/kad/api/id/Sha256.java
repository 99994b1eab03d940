package io.kad.api.id;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, with one digest instance per thread. */
final class Sha256 {

    static final int BYTES = 32;

    private static final ThreadLocal<MessageDigest> DIGEST = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    });

    private Sha256() {}

    static byte[] digest(Bytes content) {
        MessageDigest digest = DIGEST.get();
        digest.update(content.buffer());
        return digest.digest();
    }
}
