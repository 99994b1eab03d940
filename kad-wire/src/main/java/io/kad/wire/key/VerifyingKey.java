package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A public key of one type, parsed and ready to check signatures. */
public sealed interface VerifyingKey permits Ed25519Key, EllipticCurveKey, RsaKey {

    /** Returns the key in the one encoding that its type prescribes, without the protobuf message around it. */
    Bytes data();

    /** Returns whether {@code signature} is one of {@code message} by this key; false for whatever is no signature. */
    boolean verify(Bytes message, Bytes signature);

    static VerifyingKey parse(KeyType type, Bytes data) throws MalformedMessageException {
        return switch (type) {
            case RSA -> RsaKey.parse(data);
            case ED25519 -> Ed25519Key.parse(data);
            case SECP256K1 -> EllipticCurveKey.parseSecp256k1(data);
            case ECDSA -> EllipticCurveKey.parseEcdsa(data);
        };
    }

    static MalformedMessageException invalid(String what) {
        return new MalformedMessageException(Reason.BAD_IDENTITY_KEY, what);
    }

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
