package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;

import io.kad.api.id.Bytes;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * Signature of a certificate by its own key. Curves are checked by BouncyCastle, which is faster than the Java platform; RSA by the Java
 * platform, whose arithmetic on large numbers uses CPU intrinsics. Immutable.
 */
final class CertificateSignature {

    /** Accepted algorithm: the kinds of its keys, and its name on the Java platform. */
    @SuppressWarnings("ImmutableEnumChecker") // the sets are made by Set.of
    private enum Algorithm {
        ECDSA_SHA256("SHA256withECDSA", CertificateKey.Kind.P256, CertificateKey.Kind.P384),
        ECDSA_SHA384("SHA384withECDSA", CertificateKey.Kind.P256, CertificateKey.Kind.P384),
        ED25519("Ed25519", CertificateKey.Kind.ED25519),
        RSA_SHA256("SHA256withRSA", CertificateKey.Kind.RSA),
        RSA_SHA384("SHA384withRSA", CertificateKey.Kind.RSA),
        RSA_SHA512("SHA512withRSA", CertificateKey.Kind.RSA),
        RSA_PSS("RSASSA-PSS", CertificateKey.Kind.RSA);

        private final String platformName;
        private final Set<CertificateKey.Kind> keys;

        Algorithm(String platformName, CertificateKey.Kind... keys) {
            this.platformName = platformName;
            this.keys = Set.of(keys);
        }
    }

    private static final Map<ASN1ObjectIdentifier, Algorithm> ALGORITHMS = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256, Algorithm.ECDSA_SHA256,
            X9ObjectIdentifiers.ecdsa_with_SHA384, Algorithm.ECDSA_SHA384,
            CertificateKey.ED25519_OID, Algorithm.ED25519,
            PKCSObjectIdentifiers.sha256WithRSAEncryption, Algorithm.RSA_SHA256,
            PKCSObjectIdentifiers.sha384WithRSAEncryption, Algorithm.RSA_SHA384,
            PKCSObjectIdentifiers.sha512WithRSAEncryption, Algorithm.RSA_SHA512,
            PKCSObjectIdentifiers.id_RSASSA_PSS, Algorithm.RSA_PSS);

    private static final Map<ASN1ObjectIdentifier, PSSParameterSpec> PSS_OF_DIGEST = Map.of(
            NISTObjectIdentifiers.id_sha256, pss("SHA-256", MGF1ParameterSpec.SHA256, 32),
            NISTObjectIdentifiers.id_sha384, pss("SHA-384", MGF1ParameterSpec.SHA384, 48),
            NISTObjectIdentifiers.id_sha512, pss("SHA-512", MGF1ParameterSpec.SHA512, 64));

    private final Algorithm algorithm;
    private final @Nullable AlgorithmParameterSpec parameters;
    private final byte[] value;

    private CertificateSignature(Algorithm algorithm, @Nullable AlgorithmParameterSpec parameters, byte[] value) {
        this.algorithm = algorithm;
        this.parameters = parameters;
        this.value = value;
    }

    private static PSSParameterSpec pss(String digest, MGF1ParameterSpec mask, int saltBytes) {
        return new PSSParameterSpec(digest, "MGF1", mask, saltBytes, 1);
    }

    /**
     * Creates a signature, which is not checked yet.
     *
     * @throws TlsException if its algorithm is not accepted
     */
    static CertificateSignature decode(AlgorithmIdentifier identifier, byte[] value) throws TlsException {
        Algorithm algorithm = ALGORITHMS.get(identifier.getAlgorithm());
        if (algorithm == null) {
            throw new TlsException(
                    MALFORMED,
                    "algorithm of the signature of the certificate is not accepted: " + identifier.getAlgorithm());
        }
        return new CertificateSignature(
                algorithm, algorithm == Algorithm.RSA_PSS ? pssParameters(identifier) : null, value);
    }

    /** Returns the parameters of a PSS signature: TLS 1.3 allows only those with one digest and a salt of its length (RFC 8446, 4.2.3). */
    private static PSSParameterSpec pssParameters(AlgorithmIdentifier identifier) throws TlsException {
        RSASSAPSSparams given = RSASSAPSSparams.getInstance(identifier.getParameters());
        ASN1ObjectIdentifier digest = given.getHashAlgorithm().getAlgorithm();
        PSSParameterSpec accepted = PSS_OF_DIGEST.get(digest);
        AlgorithmIdentifier mask = given.getMaskGenAlgorithm();
        if (accepted == null
                || !mask.getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1)
                || !AlgorithmIdentifier.getInstance(mask.getParameters())
                        .getAlgorithm()
                        .equals(digest)
                || given.getSaltLength().intValueExact() != accepted.getSaltLength()
                || given.getTrailerField().intValueExact() != accepted.getTrailerField()) {
            throw new TlsException(MALFORMED, "parameters of the PSS signature of the certificate are not accepted");
        }
        return accepted;
    }

    /** Returns whether {@code key} has signed {@code content}; false for malformed signatures and for a key of another kind. */
    boolean isValid(CertificateKey key, Bytes content) {
        if (!algorithm.keys.contains(key.kind())) {
            return false;
        }
        try {
            return switch (algorithm) {
                case ECDSA_SHA256 -> isSigned(ecdsa(new SHA256Digest()), key, content);
                case ECDSA_SHA384 -> isSigned(ecdsa(new SHA384Digest()), key, content);
                case ED25519 -> isSigned(new Ed25519Signer(), key, content);
                case RSA_SHA256, RSA_SHA384, RSA_SHA512, RSA_PSS -> isSignedByRsa(key, content);
            };
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // The libraries throw a different exception for each violation
            return false;
        }
    }

    private static Signer ecdsa(Digest digest) {
        return new DSADigestSigner(new ECDSASigner(), digest, StandardDSAEncoding.INSTANCE);
    }

    private boolean isSigned(Signer signer, CertificateKey key, Bytes content) throws IOException {
        signer.init(false, PublicKeyFactory.createKey(key.encoded().toArray()));
        signer.update(content.toArray(), 0, content.size());
        return signer.verifySignature(value);
    }

    private boolean isSignedByRsa(CertificateKey key, Bytes content) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance(algorithm.platformName);
        if (parameters != null) {
            verifier.setParameter(parameters);
        }
        verifier.initVerify(KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(key.encoded().toArray())));
        verifier.update(content.asReadOnlyBuffer());
        return verifier.verify(value);
    }
}
