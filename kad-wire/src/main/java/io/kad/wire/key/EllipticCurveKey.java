package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;

/** ECDSA public key on secp256k1 or a NIST curve. Accepts signatures with a high S. */
final class EllipticCurveKey implements VerifyingKey {

    static {
        BouncyCastle.initialize();
    }

    /** Longest DER signature, in bytes: that of P-521. */
    private static final int MAX_SIGNATURE_BYTES = 139;

    private static final ECDomainParameters SECP256K1 = curve("secp256k1");

    /** NIST curve with the prefix of an uncompressed point in SubjectPublicKeyInfo, which has only one DER form. */
    private record NistCurve(Bytes prefix, ECDomainParameters curve, int pointBytes) {}

    private static final List<NistCurve> NIST_CURVES = List.of(
            new NistCurve(
                    Bytes.fromHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"), curve("secp256r1"), 65),
            new NistCurve(Bytes.fromHex("3076301006072a8648ce3d020106052b81040022036200"), curve("secp384r1"), 97),
            new NistCurve(
                    Bytes.fromHex("30819b301006072a8648ce3d020106052b8104002303818600"), curve("secp521r1"), 133));

    private final Bytes data;
    private final ECPublicKeyParameters key;

    private EllipticCurveKey(Bytes data, ECPublicKeyParameters key) {
        this.data = data;
        this.key = key;
    }

    /** Parses a compressed or uncompressed point; only the compressed form is used for peer IDs. */
    static EllipticCurveKey parseSecp256k1(Bytes data) throws MalformedMessageException {
        ECPublicKeyParameters key = key(SECP256K1, data);
        return new EllipticCurveKey(Bytes.of(key.getQ().getEncoded(true)), key);
    }

    static EllipticCurveKey parseEcdsa(Bytes data) throws MalformedMessageException {
        for (NistCurve nist : NIST_CURVES) {
            int prefix = nist.prefix().size();
            if (data.size() == prefix + nist.pointBytes() && data.startsWith(nist.prefix())) {
                Bytes point = data.slice(prefix, data.size());
                return new EllipticCurveKey(data, key(nist.curve(), point));
            }
        }
        throw VerifyingKey.invalid(
                "invalid ECDSA public key: expected SubjectPublicKeyInfo of a point on P-256, P-384 or P-521");
    }

    private static ECPublicKeyParameters key(ECDomainParameters curve, Bytes point) throws MalformedMessageException {
        try {
            // The hybrid form, 06 and 07, would be another encoding of the same key
            if (point.isEmpty() || point.at(0) < 2 || point.at(0) > 4) {
                throw VerifyingKey.invalid("invalid curve point: expected the compressed or uncompressed form");
            }
            ECPoint decoded = curve.getCurve().decodePoint(point.toArray());
            return new ECPublicKeyParameters(decoded, curve);
        } catch (IllegalArgumentException e) {
            throw VerifyingKey.invalid("invalid curve point: not on the curve");
        }
    }

    private static ECDomainParameters curve(String name) {
        X9ECParameters parameters = CustomNamedCurves.getByName(name);
        return new ECDomainParameters(parameters);
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
