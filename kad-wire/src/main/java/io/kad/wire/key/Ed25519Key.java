package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 public key, stored as a point so that verification does not decode it again. */
final class Ed25519Key implements VerifyingKey {

    static {
        BouncyCastle.initialize();
    }

    private final Bytes data;
    private final Ed25519.PublicPoint point;

    private Ed25519Key(Bytes data, Ed25519.PublicPoint point) {
        this.data = data;
        this.point = point;
    }

    static Ed25519Key parse(Bytes data) throws MalformedMessageException {
        if (data.size() != Ed25519.PUBLIC_KEY_SIZE) {
            throw VerifyingKey.invalid(
                    "Ed25519 public key must have " + Ed25519.PUBLIC_KEY_SIZE + " bytes, got " + data.size());
        }
        Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(data.toArray(), 0);
        if (point == null) {
            throw VerifyingKey.invalid("invalid Ed25519 public key: not a point on the curve");
        }
        return new Ed25519Key(data, point);
    }

    @Override
    public Bytes data() {
        return data;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        return signature.size() == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature.toArray(), 0, point, message.toArray(), 0, message.size());
    }
}
