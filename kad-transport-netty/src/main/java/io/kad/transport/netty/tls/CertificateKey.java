package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.LIMIT;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Public key of a certificate, of an accepted kind and size.
 *
 * @param kind algorithm and curve
 * @param encoded {@code SubjectPublicKeyInfo} in DER
 */
record CertificateKey(Kind kind, Bytes encoded) {

    /** Smallest accepted RSA modulus, in bits. */
    static final int MIN_RSA_BITS = 2048;
    /** Largest accepted RSA modulus, in bits: the cost of a check grows with its square. */
    static final int MAX_RSA_BITS = 8192;

    /** Algorithm of Ed25519 keys and signatures (RFC 8410). */
    static final ASN1ObjectIdentifier ED25519_OID = new ASN1ObjectIdentifier("1.3.101.112");

    /** Largest accepted exponent, the usual one: the cost of a check grows with its length. */
    private static final BigInteger MAX_RSA_EXPONENT = BigInteger.valueOf(65_537);

    /** Accepted kinds: those that rust-libp2p accepts too. */
    enum Kind {
        P256,
        P384,
        ED25519,
        RSA
    }

    CertificateKey {
        requireNonNull(kind, "kind");
        requireNonNull(encoded, "encoded");
    }

    /**
     * Decodes a key.
     *
     * @throws TlsException if its kind or size is not accepted
     */
    static CertificateKey decode(SubjectPublicKeyInfo info) throws TlsException, IOException {
        return new CertificateKey(kind(info), Bytes.of(info.getEncoded(ASN1Encoding.DER)));
    }

    private static Kind kind(SubjectPublicKeyInfo info) throws TlsException, IOException {
        ASN1ObjectIdentifier algorithm = info.getAlgorithm().getAlgorithm();
        if (algorithm.equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            Object curve = info.getAlgorithm().getParameters();
            if (SECObjectIdentifiers.secp256r1.equals(curve)) {
                return Kind.P256;
            } else if (SECObjectIdentifiers.secp384r1.equals(curve)) {
                return Kind.P384;
            }
        } else if (algorithm.equals(ED25519_OID)) {
            return Kind.ED25519;
        } else if (algorithm.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            requireSize(RSAPublicKey.getInstance(info.parsePublicKey()));
            return Kind.RSA;
        }
        throw new TlsException(
                LIMIT, "key of the certificate must be of P-256, P-384, Ed25519 or RSA, got algorithm " + algorithm);
    }

    private static void requireSize(RSAPublicKey key) throws TlsException {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new TlsException(
                    LIMIT,
                    "RSA key of the certificate must have %d to %d bits, got %d"
                            .formatted(MIN_RSA_BITS, MAX_RSA_BITS, bits));
        }
        if (key.getPublicExponent().compareTo(MAX_RSA_EXPONENT) > 0) {
            throw new TlsException(
                    LIMIT,
                    "exponent of the RSA key of the certificate must be at most %s, got one of %d bits"
                            .formatted(MAX_RSA_EXPONENT, key.getPublicExponent().bitLength()));
        }
    }

    /** Returns whether a check of a signature by this key costs much. */
    boolean isCostly() {
        return kind == Kind.RSA || kind == Kind.P384;
    }
}
