package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** ECDSA public key on secp256k1 or a NIST curve. Accepts signatures with a high S. */
final class EllipticCurveKey implements VerifyingKey {

    /** Longest DER signature, in bytes: that of P-521. */
    private static final int MAX_SIGNATURE_BYTES = 139;

    private final Bytes data;
    private final ECPublicKeyParameters key;

    private EllipticCurveKey(Bytes data, ECPublicKeyParameters key) {
        this.data = data;
        this.key = key;
    }

    /** Parses a compressed or uncompressed point; only the compressed form is used for peer IDs. */
    static EllipticCurveKey parseSecp256k1(Bytes data) throws MalformedMessageException {
        ECPublicKeyParameters key = key(EllipticCurve.SECP256K1, data);
        return new EllipticCurveKey(Bytes.of(key.getQ().getEncoded(true)), key);
    }

    static EllipticCurveKey parseEcdsa(Bytes data) throws MalformedMessageException {
        EllipticCurve curve = EllipticCurve.nistOfInfo(data)
                .orElseThrow(() -> VerifyingKey.invalid(
                        "invalid ECDSA public key: expected SubjectPublicKeyInfo of a point on P-256, P-384 or P-521"));
        Bytes point = data.slice(curve.infoPrefix().size(), data.size());
        return new EllipticCurveKey(data, key(curve, point));
    }

    private static ECPublicKeyParameters key(EllipticCurve curve, Bytes point) throws MalformedMessageException {
        try {
            return new ECPublicKeyParameters(curve.point(point), curve.parameters());
        } catch (IllegalArgumentException e) {
            throw VerifyingKey.invalid("invalid curve point: the point at infinity");
        }
    }

    @Override
    public Bytes data() {
        return data;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        if (signature.isEmpty() || signature.size() > MAX_SIGNATURE_BYTES) {
            return false;
        }
        BigInteger[] numbers;
        try {
            numbers = StandardDSAEncoding.INSTANCE.decode(key.getParameters().getN(), signature.toArray());
        } catch (IOException | RuntimeException e) {
            // The parser throws a different exception for each violation, some of them about its internal state
            return false;
        }
        ECDSASigner signer = new ECDSASigner();
        signer.init(false, key);
        return signer.verifySignature(VerifyingKey.sha256(message), numbers[0], numbers[1]);
    }
}
