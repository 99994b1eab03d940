package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;

/**
 * Identity with an ECDSA private key on secp256k1 or a NIST curve in memory. Its signatures follow from key and message (RFC 6979), and have a
 * low S, which some implementations demand.
 */
final class EllipticCurveIdentity extends PrivateKeyIdentity {

    private static final int SECP256K1_SCALAR_BYTES = 32;

    private final ECPrivateKeyParameters key;
    private final Bytes privateData;

    private EllipticCurveIdentity(KeyType type, ECPrivateKeyParameters key, Bytes privateData, Bytes publicData) {
        super(type, publicData);
        this.key = key;
        this.privateData = privateData;
    }

    static EllipticCurveIdentity generateSecp256k1(SecureRandom random) {
        return secp256k1(randomScalar(EllipticCurve.SECP256K1, random));
    }

    static EllipticCurveIdentity generateEcdsa(SecureRandom random) {
        BigInteger scalar = randomScalar(EllipticCurve.P256, random);
        return ecdsa(EllipticCurve.P256, scalar, publicPoint(EllipticCurve.P256, scalar));
    }

    /** Parses a scalar of 32 bytes. */
    static EllipticCurveIdentity parseSecp256k1(Bytes data) throws MalformedMessageException {
        if (data.size() != SECP256K1_SCALAR_BYTES) {
            throw VerifyingKey.invalid(
                    "Secp256k1 private key must have " + SECP256K1_SCALAR_BYTES + " bytes, got " + data.size());
        }
        BigInteger scalar = new BigInteger(1, data.toArray());
        requireInRange(scalar, EllipticCurve.SECP256K1);
        return secp256k1(scalar);
    }

    /** Parses a private key in the form of SEC 1 or of PKCS #8. */
    static EllipticCurveIdentity parseEcdsa(Bytes data) throws MalformedMessageException {
        EcPrivateKeyDer der = EcPrivateKeyDer.parse(data);
        requireInRange(der.scalar(), der.curve());
        ECPoint point = publicPoint(der.curve(), der.scalar());
        if (der.point().isPresent() && !der.curve().point(der.point().get()).equals(point)) {
            throw VerifyingKey.invalid("public part of the ECDSA private key does not match it");
        }
        return ecdsa(der.curve(), der.scalar(), point);
    }

    private static EllipticCurveIdentity secp256k1(BigInteger scalar) {
        EllipticCurve curve = EllipticCurve.SECP256K1;
        return new EllipticCurveIdentity(
                KeyType.SECP256K1,
                new ECPrivateKeyParameters(scalar, curve.parameters()),
                Bytes.of(BigIntegers.asUnsignedByteArray(SECP256K1_SCALAR_BYTES, scalar)),
                Bytes.of(publicPoint(curve, scalar).getEncoded(true)));
    }

    private static EllipticCurveIdentity ecdsa(EllipticCurve curve, BigInteger scalar, ECPoint point) {
        return new EllipticCurveIdentity(
                KeyType.ECDSA,
                new ECPrivateKeyParameters(scalar, curve.parameters()),
                EcPrivateKeyDer.encode(curve, scalar, point),
                curve.info(point));
    }

    private static BigInteger randomScalar(EllipticCurve curve, SecureRandom random) {
        BigInteger most = curve.parameters().getN().subtract(BigInteger.ONE);
        return BigIntegers.createRandomInRange(BigInteger.ONE, most, random);
    }

    private static void requireInRange(BigInteger scalar, EllipticCurve curve) throws MalformedMessageException {
        if (scalar.signum() <= 0 || scalar.compareTo(curve.parameters().getN()) >= 0) {
            throw VerifyingKey.invalid("private key is 0 or exceeds the order of its curve");
        }
    }

    /** Multiplies in a way whose time does not depend on the secret scalar. */
    private static ECPoint publicPoint(EllipticCurve curve, BigInteger scalar) {
        return new FixedPointCombMultiplier()
                .multiply(curve.parameters().getG(), scalar)
                .normalize();
    }

    @Override
    Bytes privateData() {
        return privateData;
    }

    @Override
    public Bytes sign(Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, key);
        BigInteger[] numbers = signer.generateSignature(VerifyingKey.sha256(message));
        BigInteger order = key.getParameters().getN();
        BigInteger s = numbers[1].min(order.subtract(numbers[1]));
        try {
            return Bytes.of(StandardDSAEncoding.INSTANCE.encode(order, numbers[0], s));
        } catch (IOException impossible) {
            throw new AssertionError("two integers have a DER form", impossible);
        }
    }
}
