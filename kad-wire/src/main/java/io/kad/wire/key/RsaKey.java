package io.kad.wire.key;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;

/** A public key of RSA, checked by the platform, whose arithmetic on large numbers is compiled to machine instructions. */
final class RsaKey implements VerifyingKey {

    /** The smallest modulus accepted, in bits (go and rust). */
    static final int MIN_BITS = 2048;
    /** The largest modulus accepted, in bits (go and rust): a check takes time that grows with its cube. */
    static final int MAX_BITS = 8192;

    private static final BigInteger MAX_EXPONENT = BigInteger.valueOf(Integer.MAX_VALUE);

    private final Bytes data;
    private final PublicKey key;

    private RsaKey(Bytes data, PublicKey key) {
        this.data = data;
        this.key = key;
    }

    static RsaKey parse(Bytes data) throws MalformedMessageException {
        RSAPublicKey key;
        try {
            key = (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(data.toArray()));
        } catch (GeneralSecurityException | RuntimeException notDer) {
            throw VerifyingKey.invalid("an RSA key is no SubjectPublicKeyInfo");
        }
        int bits = key.getModulus().bitLength();
        if (bits < MIN_BITS || bits > MAX_BITS) {
            throw VerifyingKey.invalid("an RSA key has " + MIN_BITS + " to " + MAX_BITS + " bits, not " + bits);
        }
        if (key.getPublicExponent().compareTo(MAX_EXPONENT) > 0) {
            throw VerifyingKey.invalid("the exponent of an RSA key is larger than " + MAX_EXPONENT);
        }
        return new RsaKey(Bytes.of(key.getEncoded()), key);
    }

    @Override
    public Bytes data() {
        return data;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        try {
            Signature check = Signature.getInstance("SHA256withRSA");
            check.initVerify(key);
            check.update(message.asReadOnlyBuffer());
            return check.verify(signature.toArray());
        } catch (SignatureException noSignature) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform checks RSA signatures", impossible);
        }
    }
}
