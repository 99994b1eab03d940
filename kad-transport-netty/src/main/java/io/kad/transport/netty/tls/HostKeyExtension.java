package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.LIMIT;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static java.util.Objects.requireNonNull;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.wire.key.PublicKey;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;

/**
 * The libp2p public key extension of a certificate, {@code SignedKey}: the key of a peer, and its signature of the key of the certificate.
 *
 * @param publicKey public key of the peer in protobuf form, as received
 * @param signature signature of {@code libp2p-tls-handshake:} and the key of the certificate
 * @see <a href="https://github.com/libp2p/specs/blob/master/tls/tls.md#libp2p-public-key-extension">libp2p TLS, public key extension</a>
 */
record HostKeyExtension(Bytes publicKey, Bytes signature) {

    /** Object identifier of the extension. */
    static final ASN1ObjectIdentifier OID = new ASN1ObjectIdentifier("1.3.6.1.4.1.53594.1.1");

    private static final Bytes SIGNED_PREFIX = Bytes.utf8("libp2p-tls-handshake:");

    HostKeyExtension {
        requireNonNull(publicKey, "publicKey");
        requireNonNull(signature, "signature");
    }

    /**
     * Creates the extension in which {@code identity} signs the key of a certificate.
     *
     * @param certificateKey {@code SubjectPublicKeyInfo} in DER
     */
    static HostKeyExtension sign(Identity identity, Bytes certificateKey) {
        return new HostKeyExtension(identity.publicKey(), identity.sign(Bytes.concat(SIGNED_PREFIX, certificateKey)));
    }

    /**
     * Decodes the value of the extension.
     *
     * @throws TlsException if it is not a {@code SignedKey} in DER
     */
    static HostKeyExtension decode(byte[] value) throws TlsException {
        HostKeyExtension decoded;
        try {
            ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(value));
            if (sequence.size() != 2) {
                throw new TlsException(
                        MALFORMED,
                        "the libp2p extension must have a key and a signature, got " + sequence.size() + " elements");
            }
            decoded = new HostKeyExtension(octets(sequence, 0), octets(sequence, 1));
        } catch (IOException | RuntimeException e) {
            throw new TlsException(MALFORMED, "the libp2p extension is not a SignedKey in DER", e);
        }
        if (!Arrays.equals(decoded.encode(), value)) {
            throw new TlsException(MALFORMED, "the libp2p extension is not in DER");
        }
        if (decoded.publicKey.size() > PublicKey.MAX_ENCODED_BYTES) {
            throw new TlsException(
                    LIMIT,
                    "the key of the peer must have at most %d bytes, got %d"
                            .formatted(PublicKey.MAX_ENCODED_BYTES, decoded.publicKey.size()));
        }
        return decoded;
    }

    private static Bytes octets(ASN1Sequence sequence, int index) {
        return Bytes.of(ASN1OctetString.getInstance(sequence.getObjectAt(index)).getOctets());
    }

    /** Encodes the value of the extension in DER. */
    byte[] encode() {
        try {
            return new DERSequence(new DEROctetString[] {
                        new DEROctetString(publicKey.toArray()), new DEROctetString(signature.toArray())
                    })
                    .getEncoded(ASN1Encoding.DER);
        } catch (IOException impossible) {
            throw new AssertionError("the output is an array", impossible);
        }
    }

    /**
     * Returns whether {@code key}, the decoded {@link #publicKey}, has signed the key of the certificate.
     *
     * @param certificateKey {@code SubjectPublicKeyInfo} in DER
     */
    boolean isSignedBy(PublicKey key, Bytes certificateKey) {
        return key.verify(Bytes.concat(SIGNED_PREFIX, certificateKey), signature);
    }
}
