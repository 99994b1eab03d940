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

/** RSA public key, verified by the Java platform, whose arithmetic on large numbers uses CPU intrinsics. */
final class RsaKey implements VerifyingKey {

    /** Smallest accepted modulus, in bits (go-libp2p, rust-libp2p). */
    static final int MIN_BITS = 2048;
    /** Largest accepted modulus, in bits (go-libp2p, rust-libp2p); the cost of verification grows with its cube. */
    static final int MAX_BITS = 8192;

    /** Largest accepted public exponent, the usual one: the cost of verification grows with its length. */
    private static final BigInteger MAX_EXPONENT = BigInteger.valueOf(65537);

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
        } catch (GeneralSecurityException | RuntimeException e) {
            throw VerifyingKey.invalid("invalid RSA public key: expected SubjectPublicKeyInfo");
        }
        requireAccepted(key.getModulus(), key.getPublicExponent());
        return new RsaKey(Bytes.of(key.getEncoded()), key);
    }

    /** Refuses a key whose use would cost too little or too much. */
    static void requireAccepted(BigInteger modulus, BigInteger exponent) throws MalformedMessageException {
        int bits = modulus.bitLength();
        if (modulus.signum() <= 0 || bits < MIN_BITS || bits > MAX_BITS) {
            throw VerifyingKey.invalid("RSA modulus must have " + MIN_BITS + " to " + MAX_BITS + " bits, got " + bits);
        }
        if (exponent.compareTo(MAX_EXPONENT) > 0) {
            throw VerifyingKey.invalid(
                    "RSA exponent must be at most " + MAX_EXPONENT + ", got one of " + exponent.bitLength() + " bits");
        }
    }

    @Override
    public Bytes data() {
        return data;
    }

    @Override
    public boolean verify(Bytes message, Bytes signature) {
        try {
            Signature verifier = Signature.getInstance("SHA256withRSA");
            verifier.initVerify(key);
            verifier.update(message.asReadOnlyBuffer());
            return verifier.verify(signature.toArray());
        } catch (SignatureException e) {
            return false;
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform checks RSA signatures", impossible);
        }
    }
}
