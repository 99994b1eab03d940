package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.ECPoint;

/**
 * DER form of a private key on a NIST curve: {@code ECPrivateKey} of SEC 1, which the specification's own vector has, or PKCS #8, which contains
 * it.
 *
 * @param curve its curve
 * @param scalar its secret number, not yet compared with the order of the curve
 * @param point its public point, encoded; empty if it is left out
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5915">RFC 5915</a>
 */
record EcPrivateKeyDer(EllipticCurve curve, BigInteger scalar, Optional<Bytes> point) {

    /** Parses either form. */
    static EcPrivateKeyDer parse(Bytes data) throws MalformedMessageException {
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(data.toArray()));
            // The version of SEC 1 is followed by the key, that of PKCS #8 by the algorithm
            return sequence.size() > 1 && sequence.getObjectAt(1) instanceof ASN1Sequence
                    ? parsePkcs8(PrivateKeyInfo.getInstance(sequence))
                    : parseSec1(ECPrivateKey.getInstance(sequence), Optional.empty());
        } catch (IOException | RuntimeException e) {
            // The parser throws a different exception for each violation
            throw invalid();
        }
    }

    private static EcPrivateKeyDer parsePkcs8(PrivateKeyInfo info) throws IOException, MalformedMessageException {
        if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            throw invalid();
        }
        return parseSec1(
                ECPrivateKey.getInstance(info.parsePrivateKey()),
                Optional.of(ASN1ObjectIdentifier.getInstance(
                        info.getPrivateKeyAlgorithm().getParameters())));
    }

    private static EcPrivateKeyDer parseSec1(ECPrivateKey key, Optional<ASN1ObjectIdentifier> named)
            throws MalformedMessageException {
        EllipticCurve curve = named.or(
                        () -> Optional.ofNullable(ASN1ObjectIdentifier.getInstance(key.getParametersObject())))
                .flatMap(EllipticCurve::nist)
                .orElseThrow(EcPrivateKeyDer::invalid);
        return new EcPrivateKeyDer(
                curve, key.getKey(), Optional.ofNullable(key.getPublicKey()).map(EcPrivateKeyDer::octets));
    }

    private static Bytes octets(ASN1BitString bits) {
        return Bytes.of(bits.getOctets());
    }

    private static MalformedMessageException invalid() {
        return VerifyingKey.invalid(
                "invalid ECDSA private key: expected SEC 1 or PKCS #8 of a key on P-256, P-384 or P-521");
    }

    /** Encodes a key in the form of SEC 1. */
    static Bytes encode(EllipticCurve curve, BigInteger scalar, ECPoint point) {
        try {
            return Bytes.of(new ECPrivateKey(
                            curve.parameters().getN().bitLength(),
                            scalar,
                            new DERBitString(point.getEncoded(false)),
                            curve.identifier())
                    .getEncoded(ASN1Encoding.DER));
        } catch (IOException impossible) {
            throw new AssertionError("a scalar and a point have a DER form", impossible);
        }
    }
}
