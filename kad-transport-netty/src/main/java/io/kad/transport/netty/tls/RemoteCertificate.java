package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.BAD_SIGNATURE;
import static io.kad.transport.netty.tls.TlsException.Reason.LIMIT;
import static io.kad.transport.netty.tls.TlsException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static io.kad.transport.netty.tls.TlsException.Reason.WRONG_PEER;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.key.PublicKey;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.jspecify.annotations.Nullable;

/**
 * Certificate of a remote peer. {@link #decode} checks everything but the two signatures, which cost most; {@link #authenticate} checks those
 * and gives the peer ID. Immutable.
 *
 * <p>A handshake proves that the remote peer has the private key of the certificate; the certificate proves which peer that is.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/tls/tls.md#peer-authentication">libp2p TLS, peer authentication</a>
 */
public final class RemoteCertificate {

    /** Longest accepted certificate in DER, in bytes: twice the size that the largest keys, both RSA of 8192 bits, need. */
    public static final int MAX_BYTES = 8 * 1024;

    private final Bytes encoded;
    private final Bytes signedContent;
    private final CertificateKey key;
    private final CertificateSignature signature;
    private final HostKeyExtension extension;
    private final PublicKey hostKey;

    private RemoteCertificate(
            Bytes encoded,
            Bytes signedContent,
            CertificateKey key,
            CertificateSignature signature,
            HostKeyExtension extension,
            PublicKey hostKey) {
        this.encoded = encoded;
        this.signedContent = signedContent;
        this.key = key;
        this.signature = signature;
        this.extension = extension;
        this.hostKey = hostKey;
    }

    /**
     * Decodes a certificate and checks all but its signatures: size, DER, time, keys and extensions.
     *
     * @param der the only certificate that the remote peer has sent
     * @param now present time of the wall clock
     * @throws TlsException if it breaks a rule
     */
    public static RemoteCertificate decode(byte[] der, Instant now) throws TlsException {
        if (der.length > MAX_BYTES) {
            throw new TlsException(
                    LIMIT, "certificate must have at most %d bytes, got %d".formatted(MAX_BYTES, der.length));
        }
        try {
            Certificate certificate = Certificate.getInstance(der);
            if (!Arrays.equals(certificate.getEncoded(ASN1Encoding.DER), der)) {
                throw new TlsException(MALFORMED, "certificate is not in DER");
            }
            return decode(certificate, der, now);
        } catch (IOException | RuntimeException e) {
            // The parser throws a different exception for each violation, some of them about its internal state
            throw new TlsException(MALFORMED, "certificate cannot be parsed: " + e.getMessage(), e);
        }
    }

    private static RemoteCertificate decode(Certificate certificate, byte[] der, Instant now)
            throws TlsException, IOException {
        TBSCertificate content = certificate.getTBSCertificate();
        requireValidAt(now, content);
        if (!content.getSignature().equals(certificate.getSignatureAlgorithm())) {
            throw new TlsException(MALFORMED, "certificate names two different algorithms of its signature");
        }
        CertificateKey key = CertificateKey.decode(content.getSubjectPublicKeyInfo());
        CertificateSignature signature = CertificateSignature.decode(
                certificate.getSignatureAlgorithm(), certificate.getSignature().getOctets());
        HostKeyExtension extension = onlyExtension(content.getExtensions());
        PublicKey hostKey;
        try {
            hostKey = PublicKey.decode(extension.publicKey());
        } catch (MalformedMessageException e) {
            boolean limit = e.reason() == MalformedMessageException.Reason.BAD_IDENTITY_KEY;
            throw new TlsException(limit ? LIMIT : MALFORMED, "invalid key of the peer: " + e.getMessage(), e);
        }
        return new RemoteCertificate(
                Bytes.of(der), Bytes.of(content.getEncoded(ASN1Encoding.DER)), key, signature, extension, hostKey);
    }

    private static void requireValidAt(Instant now, TBSCertificate content) throws TlsException {
        Instant start = content.getStartDate().getDate().toInstant();
        Instant end = content.getEndDate().getDate().toInstant();
        if (now.isBefore(start) || now.isAfter(end)) {
            throw new TlsException(
                    MALFORMED, "certificate is valid from %s to %s, and it is %s".formatted(start, end, now));
        }
    }

    private static HostKeyExtension onlyExtension(@Nullable Extensions extensions) throws TlsException {
        if (extensions == null || extensions.getExtension(HostKeyExtension.OID) == null) {
            throw new TlsException(MALFORMED, "certificate lacks the libp2p extension");
        }
        for (ASN1ObjectIdentifier critical : extensions.getCriticalExtensionOIDs()) {
            if (!critical.equals(HostKeyExtension.OID)) {
                throw new TlsException(MALFORMED, "certificate has an unknown critical extension: " + critical);
            }
        }
        Extension extension = extensions.getExtension(HostKeyExtension.OID);
        return HostKeyExtension.decode(extension.getExtnValue().getOctets());
    }

    /** Returns the certificate in DER. */
    public Bytes encoded() {
        return encoded;
    }

    /** Returns whether its signatures cost much to check, as those of RSA keys do. */
    public boolean isCostly() {
        return key.isCostly() || hostKey.peerId().inlinePublicKey().isEmpty();
    }

    /**
     * Requires that the certificate is that of the dialled peer; checks no signature, so that anybody could have made it.
     *
     * @param expected the dialled peer; null for the listener
     * @throws TlsException if it is that of another peer
     */
    public void requireClaimed(@Nullable PeerId expected) throws TlsException {
        PeerId claimed = hostKey.peerId();
        if (expected != null && !claimed.equals(expected)) {
            throw new TlsException(WRONG_PEER, "peer ID mismatch: dialled %s, reached %s".formatted(expected, claimed));
        }
    }

    /**
     * Checks both signatures. Not for event loops: it takes half a millisecond.
     *
     * @param local ID of the local peer
     * @param expected the dialled peer; null for the listener
     * @return ID of the remote peer
     * @throws TlsException if a signature is invalid, or the peer is the local one or an unexpected one
     */
    public PeerId authenticate(PeerId local, @Nullable PeerId expected) throws TlsException {
        requireClaimed(expected);
        if (!signature.isValid(key, signedContent)) {
            throw new TlsException(BAD_SIGNATURE, "certificate is not signed by the key in it");
        }
        if (!extension.isSignedBy(hostKey, key.encoded())) {
            throw new TlsException(BAD_SIGNATURE, "certificate is not signed by the key of " + hostKey.peerId());
        }
        if (hostKey.peerId().equals(local)) {
            throw new TlsException(LOCAL_PEER, "the remote peer has the identity of the local peer");
        }
        return hostKey.peerId();
    }
}
