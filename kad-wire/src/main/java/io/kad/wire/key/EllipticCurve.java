package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECPoint;

/**
 * Elliptic curve of ECDSA keys.
 *
 * @param identifier its object identifier
 * @param infoPrefix what precedes an uncompressed point in SubjectPublicKeyInfo, which has only one DER form
 * @param parameters its parameters
 */
record EllipticCurve(ASN1ObjectIdentifier identifier, Bytes infoPrefix, ECDomainParameters parameters) {

    static {
        BouncyCastle.initialize();
    }

    static final EllipticCurve SECP256K1 = curve(SECObjectIdentifiers.secp256k1);
    static final EllipticCurve P256 = curve(SECObjectIdentifiers.secp256r1);

    private static final List<EllipticCurve> NIST_CURVES =
            List.of(P256, curve(SECObjectIdentifiers.secp384r1), curve(SECObjectIdentifiers.secp521r1));

    private static EllipticCurve curve(ASN1ObjectIdentifier identifier) {
        ECDomainParameters parameters = new ECDomainParameters(CustomNamedCurves.getByOID(identifier));
        byte[] anyPoint = parameters.getG().getEncoded(false);
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, identifier);
        try {
            byte[] info = new SubjectPublicKeyInfo(algorithm, anyPoint).getEncoded(ASN1Encoding.DER);
            return new EllipticCurve(identifier, Bytes.copyOf(info, 0, info.length - anyPoint.length), parameters);
        } catch (IOException impossible) {
            throw new AssertionError("a point has a DER form", impossible);
        }
    }

    /** Returns the NIST curve of that identifier; empty for other curves. */
    static Optional<EllipticCurve> nist(ASN1ObjectIdentifier identifier) {
        return NIST_CURVES.stream()
                .filter(curve -> curve.identifier.equals(identifier))
                .findFirst();
    }

    /** Returns the NIST curve of a SubjectPublicKeyInfo with an uncompressed point; empty for any other. */
    static Optional<EllipticCurve> nistOfInfo(Bytes info) {
        return NIST_CURVES.stream()
                .filter(curve -> info.size() == curve.infoPrefix.size() + curve.pointBytes())
                .filter(curve -> info.startsWith(curve.infoPrefix))
                .findFirst();
    }

    /** Returns the length of an uncompressed point, in bytes. */
    private int pointBytes() {
        return 1 + 2 * parameters.getCurve().getFieldElementEncodingLength();
    }

    /** Decodes a compressed or uncompressed point. */
    ECPoint point(Bytes encoded) throws MalformedMessageException {
        // The hybrid form, 06 and 07, would be another encoding of the same key
        if (encoded.isEmpty() || encoded.at(0) < 2 || encoded.at(0) > 4) {
            throw VerifyingKey.invalid("invalid curve point: expected the compressed or uncompressed form");
        }
        try {
            return parameters.getCurve().decodePoint(encoded.toArray());
        } catch (IllegalArgumentException e) {
            throw VerifyingKey.invalid("invalid curve point: not on the curve");
        }
    }

    /** Returns the SubjectPublicKeyInfo of a point. */
    Bytes info(ECPoint point) {
        return Bytes.concat(infoPrefix, Bytes.of(point.getEncoded(false)));
    }
}
