package io.kad.transport.netty.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Certificate of a web server that it has signed itself, in files.
 *
 * @param certificate file in PEM
 * @param key file in PEM
 */
public record WebCertificate(Path certificate, Path key) {

    /** Makes one for a host name, or for an IPv4 address, in {@code directory}. */
    public static WebCertificate of(Path directory, String host) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            Path certificate = directory.resolve(host + ".crt");
            Path key = directory.resolve(host + ".key");
            Files.writeString(certificate, pem("CERTIFICATE", sign(host, keys)));
            Files.writeString(key, pem("PRIVATE KEY", pkcs8(keys)));
            return new WebCertificate(certificate, key);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the private key with its public one, without which rustls does not read it; the Java platform leaves that out. */
    private static byte[] pkcs8(KeyPair keys) throws IOException {
        SubjectPublicKeyInfo publicKey =
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
        BigInteger scalar = ((ECPrivateKey) keys.getPrivate()).getS();
        return new PrivateKeyInfo(
                        publicKey.getAlgorithm(),
                        new org.bouncycastle.asn1.sec.ECPrivateKey(256, scalar, publicKey.getPublicKeyData(), null))
                .getEncoded(ASN1Encoding.DER);
    }

    private static byte[] sign(String host, KeyPair keys) throws GeneralSecurityException, IOException {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        int kind = host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName;
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(BigInteger.ONE));
        generator.setSignature(algorithm);
        generator.setIssuer(new X500Name("CN=" + host));
        generator.setSubject(new X500Name("CN=" + host));
        generator.setStartDate(new Time(Date.from(Instant.now().minusSeconds(60))));
        generator.setEndDate(new Time(Date.from(Instant.now().plusSeconds(3600))));
        generator.setSubjectPublicKeyInfo(
                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
        generator.setExtensions(new Extensions(new Extension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(kind, host)).getEncoded(ASN1Encoding.DER))));
        TBSCertificate signed = generator.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(signed.getEncoded(ASN1Encoding.DER));
        return new DERSequence(new ASN1Encodable[] {signed, algorithm, new DERBitString(signature.sign())})
                .getEncoded(ASN1Encoding.DER);
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }
}
