package io.kad.wire;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.key.KeyEnvelope;
import io.kad.wire.key.VerifyingKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPrivateCrtKeySpec;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** Signatures by the private keys of the specification, of types with which kad never signs. */
public final class PrivateKeys {

    private PrivateKeys() {}

    public static ECDomainParameters curve(String name) {
        return new ECDomainParameters(CustomNamedCurves.getByName(name));
    }

    public static BigInteger secp256k1(Bytes protobuf) throws MalformedMessageException {
        return new BigInteger(1, KeyEnvelope.decode(protobuf, 8192).data().toArray());
    }

    public static BigInteger ecdsa(Bytes protobuf) throws MalformedMessageException {
        return ECPrivateKey.getInstance(
                        KeyEnvelope.decode(protobuf, 8192).data().toArray())
                .getKey();
    }

    /** Returns a DER signature with the high or the low one of the two valid S. */
    public static Bytes sign(String curveName, BigInteger scalar, Bytes message, boolean highS) throws IOException {
        ECDomainParameters curve = curve(curveName);
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
        signer.init(true, new ECPrivateKeyParameters(scalar, curve));
        BigInteger[] numbers = signer.generateSignature(VerifyingKey.sha256(message));
        boolean isHigh = numbers[1].compareTo(curve.getN().shiftRight(1)) > 0;
        BigInteger s = isHigh == highS ? numbers[1] : curve.getN().subtract(numbers[1]);
        return Bytes.of(StandardDSAEncoding.INSTANCE.encode(curve.getN(), numbers[0], s));
    }

    public static Bytes signRsa(Bytes protobuf, Bytes message)
            throws GeneralSecurityException, MalformedMessageException {
        var parts = org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(
                KeyEnvelope.decode(protobuf, 8192).data().toArray());
        Signature signer = Signature.getInstance("SHA256withRSA");
        signer.initSign(KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        parts.getModulus(),
                        parts.getPublicExponent(),
                        parts.getPrivateExponent(),
                        parts.getPrime1(),
                        parts.getPrime2(),
                        parts.getExponent1(),
                        parts.getExponent2(),
                        parts.getCoefficient())));
        signer.update(message.toArray());
        return Bytes.of(signer.sign());
    }
}
