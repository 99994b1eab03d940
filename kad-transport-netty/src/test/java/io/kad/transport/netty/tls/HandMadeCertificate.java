package io.kad.transport.netty.tls;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** Certificate of which each part can be made wrong. The defaults are those of a valid one. */
public final class HandMadeCertificate {

    /** Identifier of an extension that nobody knows. */
    public static final ASN1ObjectIdentifier UNKNOWN_EXTENSION = new ASN1ObjectIdentifier("1.3.6.1.4.1.53594.9.9");

    private final Identity identity;
    private KeyPair keys = ec("secp256r1");
    private @Nullable PrivateKey signer;
    private String signatureName = "SHA256withECDSA";
    private @Nullable AlgorithmParameterSpec signatureParameters;
    private AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    private @Nullable AlgorithmIdentifier outerAlgorithm;
    private Instant notBefore;
    private Instant notAfter;
    private String name = "";
    private boolean critical = true;
    private @Nullable HostKeyExtension hostKey;
    private boolean withHostKey = true;
    private final List<Extension> others = new ArrayList<>();

    /** Creates a valid one of {@code identity}. */
    public HandMadeCertificate(Identity identity) {
        this.identity = identity;
        this.notBefore = Instant.now().minusSeconds(60);
        this.notAfter = Instant.now().plusSeconds(3600);
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    HandMadeCertificate keys(KeyPair pair, String signatureName, AlgorithmIdentifier algorithm) {
        this.keys = pair;
        this.signatureName = signatureName;
        this.algorithm = algorithm;
        return this;
    }

    HandMadeCertificate signatureParameters(AlgorithmParameterSpec parameters) {
        this.signatureParameters = parameters;
        return this;
    }

    HandMadeCertificate outerAlgorithm(AlgorithmIdentifier other) {
        this.outerAlgorithm = other;
        return this;
    }

    /** Signs with another key than that of the certificate. */
    public HandMadeCertificate signer(PrivateKey other) {
        this.signer = other;
        return this;
    }

    /** Sets the time of validity. */
    public HandMadeCertificate valid(Instant from, Instant to) {
        this.notBefore = from;
        this.notAfter = to;
        return this;
    }

    /** Sets issuer and subject. */
    public HandMadeCertificate named(String distinguishedName) {
        this.name = distinguishedName;
        return this;
    }

    HandMadeCertificate notCritical() {
        this.critical = false;
        return this;
    }

    HandMadeCertificate hostKey(HostKeyExtension extension) {
        this.hostKey = extension;
        return this;
    }

    /** Claims the key of {@code other}, which has not signed it. */
    public HandMadeCertificate claiming(Identity other) {
        return hostKey(new HostKeyExtension(
                other.publicKey(), HostKeyExtension.sign(identity, keyInfo()).signature()));
    }

    /** Leaves out the extension of libp2p. */
    public HandMadeCertificate withoutHostKey() {
        this.withHostKey = false;
        return this;
    }

    /** Adds an extension of so many zeros. */
    public HandMadeCertificate extension(ASN1ObjectIdentifier oid, boolean isCritical, int bytes) {
        others.add(new Extension(oid, isCritical, new byte[bytes]));
        return this;
    }

    HandMadeCertificate hostKeyAgain() {
        others.add(hostKeyExtension());
        return this;
    }

    Bytes keyInfo() {
        return Bytes.of(keys.getPublic().getEncoded());
    }

    /** Returns the key of the certificate. */
    public KeyPair keyPair() {
        return keys;
    }

    private Extension hostKeyExtension() {
        HostKeyExtension signed = hostKey == null ? HostKeyExtension.sign(identity, keyInfo()) : hostKey;
        return new Extension(HostKeyExtension.OID, critical, signed.encode());
    }

    /** Encodes and signs the certificate. */
    byte[] encode() {
        try {
            ASN1EncodableVector extensions = new ASN1EncodableVector();
            if (withHostKey) {
                extensions.add(hostKeyExtension());
            }
            others.forEach(extensions::add);
            X500Name distinguished = new X500Name(name);
            ASN1EncodableVector content = new ASN1EncodableVector();
            content.add(new DERTaggedObject(0, new ASN1Integer(2)));
            content.add(new ASN1Integer(BigInteger.TEN));
            content.add(algorithm);
            content.add(distinguished);
            content.add(new DERSequence(new ASN1Encodable[] {time(notBefore), time(notAfter)}));
            content.add(distinguished);
            content.add(SubjectPublicKeyInfo.getInstance(keyInfo().toArray()));
            if (extensions.size() > 0) {
                content.add(new DERTaggedObject(3, new DERSequence(extensions)));
            }
            DERSequence signed = new DERSequence(content);
            Signature signature = Signature.getInstance(signatureName);
            if (signatureParameters != null) {
                signature.setParameter(signatureParameters);
            }
            signature.initSign(signer == null ? keys.getPrivate() : signer);
            signature.update(signed.getEncoded(ASN1Encoding.DER));
            return new DERSequence(new ASN1Encodable[] {
                        signed, outerAlgorithm == null ? algorithm : outerAlgorithm, new DERBitString(signature.sign())
                    })
                    .getEncoded(ASN1Encoding.DER);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the certificate for a TLS library; it needs a name. */
    public X509Certificate x509() {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encode()));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Time time(Instant at) {
        return new Time(Date.from(at));
    }
}
