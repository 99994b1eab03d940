package io.kad.wire.key;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;

/** Identity with an RSA private key in memory, used by the Java platform, whose arithmetic on large numbers uses CPU intrinsics. */
final class RsaIdentity extends PrivateKeyIdentity {

    /** Size of new keys, in bits: the smallest that others accept, and the default of go-libp2p. */
    static final int GENERATED_BITS = 2048;

    private final PrivateKey key;
    private final Bytes privateData;

    private RsaIdentity(PrivateKey key, Bytes privateData, RsaKey publicKey) {
        super(KeyType.RSA, publicKey.data());
        this.key = key;
        this.privateData = privateData;
    }

    static RsaIdentity generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(GENERATED_BITS, random);
            RSAPrivateCrtKey key =
                    (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
            return of(new RSAPrivateKey(
                    key.getModulus(),
                    key.getPublicExponent(),
                    key.getPrivateExponent(),
                    key.getPrimeP(),
                    key.getPrimeQ(),
                    key.getPrimeExponentP(),
                    key.getPrimeExponentQ(),
                    key.getCrtCoefficient()));
        } catch (GeneralSecurityException | IOException | MalformedMessageException impossible) {
            throw new AssertionError("every Java platform makes RSA keys of 2048 bits", impossible);
        }
    }

    /** Parses {@code RSAPrivateKey} of PKCS #1. */
    static RsaIdentity parse(Bytes data) throws MalformedMessageException {
        RSAPrivateKey numbers;
        try {
            numbers = requireNonNull(RSAPrivateKey.getInstance(ASN1Primitive.fromByteArray(data.toArray())), "numbers");
        } catch (IOException | RuntimeException e) {
            // The parser throws a different exception for each violation
            throw VerifyingKey.invalid("invalid RSA private key: expected PKCS #1");
        }
        RsaKey.requireAccepted(numbers.getModulus(), numbers.getPublicExponent());
        if (!isConsistent(numbers)) {
            throw VerifyingKey.invalid("invalid RSA private key: its numbers do not belong together");
        }
        try {
            return of(numbers);
        } catch (GeneralSecurityException | IOException e) {
            throw VerifyingKey.invalid("invalid RSA private key: refused by the Java platform");
        }
    }

    /** Returns whether these numbers belong together: a signature by wrong ones can reveal the primes. */
    private static boolean isConsistent(RSAPrivateKey numbers) {
        BigInteger p = numbers.getPrime1();
        BigInteger q = numbers.getPrime2();
        BigInteger two = BigInteger.TWO;
        if (p.compareTo(two) <= 0 || q.compareTo(two) <= 0) {
            return false;
        }
        return p.multiply(q).equals(numbers.getModulus())
                && isInverse(numbers, numbers.getExponent1(), p)
                && isInverse(numbers, numbers.getExponent2(), q)
                && numbers.getCoefficient().multiply(q).mod(p).equals(BigInteger.ONE);
    }

    /** Returns whether {@code exponent} is the private exponent modulo {@code prime} - 1, and undoes the public one. */
    private static boolean isInverse(RSAPrivateKey numbers, BigInteger exponent, BigInteger prime) {
        BigInteger order = prime.subtract(BigInteger.ONE);
        return numbers.getPrivateExponent().mod(order).equals(exponent)
                && numbers.getPublicExponent().multiply(exponent).mod(order).equals(BigInteger.ONE);
    }

    private static RsaIdentity of(RSAPrivateKey numbers)
            throws GeneralSecurityException, IOException, MalformedMessageException {
        KeyFactory factory = KeyFactory.getInstance("RSA");
        PrivateKey key = factory.generatePrivate(new RSAPrivateCrtKeySpec(
                numbers.getModulus(),
                numbers.getPublicExponent(),
                numbers.getPrivateExponent(),
                numbers.getPrime1(),
                numbers.getPrime2(),
                numbers.getExponent1(),
                numbers.getExponent2(),
                numbers.getCoefficient()));
        Bytes info =
                Bytes.of(factory.generatePublic(new RSAPublicKeySpec(numbers.getModulus(), numbers.getPublicExponent()))
                        .getEncoded());
        return new RsaIdentity(key, Bytes.of(numbers.getEncoded(ASN1Encoding.DER)), RsaKey.parse(info));
    }

    @Override
    Bytes privateData() {
        return privateData;
    }

    @Override
    public Bytes sign(Bytes message) {
        try {
            Signature signer = Signature.getInstance("SHA256withRSA");
            signer.initSign(key);
            signer.update(message.asReadOnlyBuffer());
            return Bytes.of(signer.sign());
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform makes RSA signatures", impossible);
        }
    }
}
