package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Parsed public key of one type, which verifies signatures. Immutable and thread-safe. */
public sealed interface VerifyingKey permits Ed25519Key, EllipticCurveKey, RsaKey {

    /** Returns the key in the canonical encoding of its type, without the protobuf message around it. */
    Bytes data();

    /**
     * Returns whether {@code signature} is a valid signature of {@code message} by this key; false for malformed ones.
     */
    boolean verify(Bytes message, Bytes signature);

    /** Returns the failure for an invalid key. */
    static MalformedMessageException invalid(String message) {
        return new MalformedMessageException(Reason.BAD_IDENTITY_KEY, message);
    }

    /** Returns the SHA-256 digest of {@code message}. */
    static byte[] sha256(Bytes message) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(message.asReadOnlyBuffer());
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has SHA-256", impossible);
        }
    }
}
