package io.kad.transport.netty.tls;

import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Certificate of the local peer, with its private key: a fresh P-256 key that the key of the peer has signed.
 *
 * <p>Made once per transport; the private key is never stored. Immutable.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/tls/tls.md#peer-authentication">libp2p TLS, peer authentication</a>
 */
public final class LocalCertificate {

    /** Time that a certificate is valid before it was made, for remote peers whose clocks are late; as in go-libp2p. */
    static final Duration VALID_BEFORE = Duration.ofHours(1);

    /** Time that a certificate is valid after it was made, 100 years of 365 days; as in go-libp2p. */
    static final Duration VALID_AFTER = Duration.ofDays(36_500);

    private static final AlgorithmIdentifier ECDSA_WITH_SHA256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    /** Issuer and subject: the Java platform refuses a certificate without them. */
    private static final String NAME = "CN=libp2p";

    private static final int SERIAL_BITS = 63;

    private final X509ExtendedKeyManager keyManager;
    private final Bytes encoded;

    private LocalCertificate(X509ExtendedKeyManager keyManager, Bytes encoded) {
        this.keyManager = keyManager;
        this.encoded = encoded;
    }

    /**
     * Makes a key and a certificate that {@code identity} has signed.
     *
     * @param now present time of the wall clock
     */
    public static LocalCertificate create(Identity identity, Instant now) {
        requireNonNull(identity, "identity");
        try {
            SecureRandom random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair keys = generator.generateKeyPair();
            Bytes key = Bytes.of(keys.getPublic().getEncoded());
            byte[] value = HostKeyExtension.sign(identity, key).encode();
            // js-libp2p looks at the first extension only
            Extensions extensions = new Extensions(new Extension(HostKeyExtension.OID, true, value));
            byte[] encoded = selfSigned(keys, new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE), now, extensions);
            X509Certificate certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            return new LocalCertificate(new CertificateKeys(keys.getPrivate(), certificate), Bytes.of(encoded));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError("every Java platform has P-256, SHA-256 and X.509", impossible);
        } catch (IOException impossible) {
            throw new AssertionError("the output is an array", impossible);
        }
    }

    private static byte[] selfSigned(KeyPair keys, BigInteger serial, Instant now, Extensions extensions)
            throws GeneralSecurityException, IOException {
        X500Name name = new X500Name(NAME);
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial));
        generator.setSignature(ECDSA_WITH_SHA256);
        generator.setIssuer(name);
        generator.setSubject(name);
        generator.setStartDate(CertificateTime.encode(now.minus(VALID_BEFORE)));
        generator.setEndDate(CertificateTime.encode(now.plus(VALID_AFTER)));
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        generator.setExtensions(extensions);
        TBSCertificate content = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(content.getEncoded(ASN1Encoding.DER));
        return new DERSequence(new ASN1Encodable[] {content, ECDSA_WITH_SHA256, new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DER);
    }

    /** Returns what shows the certificate in each handshake. Its private key is not that of the peer. */
    public X509ExtendedKeyManager keyManager() {
        return keyManager;
    }

    /** Returns the certificate in DER. */
    public Bytes encoded() {
        return encoded;
    }
}
