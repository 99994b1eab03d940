package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.BAD_SIGNATURE;
import static io.kad.transport.netty.tls.TlsException.Reason.LIMIT;
import static io.kad.transport.netty.tls.TlsException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static io.kad.transport.netty.tls.TlsException.Reason.WRONG_PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.support.RsaIdentity;
import io.kad.transport.netty.support.TestIdentity;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.net.ssl.X509ExtendedKeyManager;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.BERSequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteCertificateTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final PeerId LOCAL = new TestIdentity(3).peerId();
    private static final AlgorithmIdentifier ECDSA_SHA384 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA384);
    private static final AlgorithmIdentifier RSA_SHA256 =
            new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);

    private static PeerId authenticate(byte[] der) throws TlsException {
        return RemoteCertificate.decode(der, Instant.now()).authenticate(LOCAL, null);
    }

    private static PeerId authenticate(HandMadeCertificate certificate) throws TlsException {
        return authenticate(certificate.encode());
    }

    private static HandMadeCertificate certificate() {
        return new HandMadeCertificate(ALICE);
    }

    private static void assertRefused(TlsException.Reason reason, ThrowingCallable call) {
        assertThatExceptionOfType(TlsException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
    }

    // --- vectors of the specification

    @Test
    void theVectorOfAnEd25519PeerIsValid() throws Exception {
        assertThat(authenticate(Bytes.fromHex(SpecVectors.ED25519).toArray())).hasToString(SpecVectors.ED25519_PEER);
    }

    @Test
    void theVectorOfAnEcdsaPeerIsValid() throws Exception {
        assertThat(authenticate(Bytes.fromHex(SpecVectors.ECDSA).toArray())).hasToString(SpecVectors.ECDSA_PEER);
    }

    @Test
    void theVectorOfASecp256k1PeerIsValid() throws Exception {
        assertThat(authenticate(Bytes.fromHex(SpecVectors.SECP256K1).toArray()))
                .hasToString(SpecVectors.SECP256K1_PEER);
    }

    @Test
    void theVectorThatAnotherKeyHasSignedIsInvalid() {
        assertRefused(
                BAD_SIGNATURE,
                () -> authenticate(Bytes.fromHex(SpecVectors.WRONG_SIGNER).toArray()));
    }

    // --- what is accepted

    private static X509Certificate shown(LocalCertificate local) {
        X509ExtendedKeyManager keys = local.keyManager();
        return keys.getCertificateChain(keys.getServerAliases("EC", null)[0])[0];
    }

    @Test
    void theLocalCertificateIsValidForOthers() throws Exception {
        LocalCertificate local = LocalCertificate.create(ALICE, Instant.now());
        assertThat(authenticate(local.encoded().toArray())).isEqualTo(ALICE.peerId());
        assertThat(shown(local).getEncoded()).isEqualTo(local.encoded().toArray());
    }

    @Test
    void theLocalCertificateHasTheLibp2pExtensionAloneAndCritical() {
        X509Certificate shown = shown(LocalCertificate.create(ALICE, Instant.now()));
        assertThat(shown.getCriticalExtensionOIDs()).containsExactly("1.3.6.1.4.1.53594.1.1");
        assertThat(shown.getNonCriticalExtensionOIDs()).isEmpty();
        assertThat(shown.getIssuerUniqueID()).isNull();
        assertThat(shown.getSubjectX500Principal()).isEqualTo(shown.getIssuerX500Principal());
    }

    @Test
    void theLocalCertificateIsValidFromAnHourBeforeForAHundredYears() throws Exception {
        Instant now = Instant.parse("2026-11-29T12:00:00Z");
        byte[] der = LocalCertificate.create(ALICE, now).encoded().toArray();
        for (Duration at : new Duration[] {Duration.ofHours(-1), Duration.ZERO, Duration.ofDays(36_499)}) {
            assertThat(RemoteCertificate.decode(der, now.plus(at)).authenticate(LOCAL, ALICE.peerId()))
                    .isEqualTo(ALICE.peerId());
        }
        assertRefused(MALFORMED, () -> RemoteCertificate.decode(der, now.minus(Duration.ofMinutes(61))));
        assertRefused(MALFORMED, () -> RemoteCertificate.decode(der, now.plus(Duration.ofDays(36_501))));
    }

    @Test
    void eachLocalCertificateHasAKeyOfItsOwn() {
        assertThat(shown(LocalCertificate.create(ALICE, Instant.now())).getPublicKey())
                .isNotEqualTo(
                        shown(LocalCertificate.create(ALICE, Instant.now())).getPublicKey());
    }

    @Test
    void theExtensionNeedNotBeCriticalNorTheNameEmptyAndOthersAreIgnored() throws Exception {
        HandMadeCertificate made = certificate()
                .notCritical()
                .named("CN=somebody")
                .extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, 10);
        assertThat(authenticate(made)).isEqualTo(ALICE.peerId());
    }

    @Test
    void keysOfEveryAcceptedKindAreAccepted() throws Exception {
        assertThat(authenticate(
                        certificate().keys(HandMadeCertificate.ec("secp384r1"), "SHA384withECDSA", ECDSA_SHA384)))
                .isEqualTo(ALICE.peerId());
        assertThat(authenticate(
                        certificate().keys(HandMadeCertificate.ec("secp256r1"), "SHA384withECDSA", ECDSA_SHA384)))
                .isEqualTo(ALICE.peerId());
        assertThat(authenticate(certificate()
                        .keys(
                                HandMadeCertificate.keys("Ed25519", 0),
                                "Ed25519",
                                new AlgorithmIdentifier(CertificateKey.ED25519_OID))))
                .isEqualTo(ALICE.peerId());
        assertThat(authenticate(certificate().keys(HandMadeCertificate.keys("RSA", 2048), "SHA256withRSA", RSA_SHA256)))
                .isEqualTo(ALICE.peerId());
    }

    private static AlgorithmIdentifier pss(int saltBytes) {
        AlgorithmIdentifier sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
        return new AlgorithmIdentifier(
                PKCSObjectIdentifiers.id_RSASSA_PSS,
                new RSASSAPSSparams(
                        sha256,
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, sha256),
                        new ASN1Integer(saltBytes),
                        new ASN1Integer(1)));
    }

    @Test
    void aPssSignatureIsAcceptedWithTheParametersOfTls() throws Exception {
        KeyPair rsa = HandMadeCertificate.keys("RSA", 2048);
        PSSParameterSpec salt32 = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);
        PSSParameterSpec salt20 = new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, 1);
        assertThat(authenticate(certificate().keys(rsa, "RSASSA-PSS", pss(32)).signatureParameters(salt32)))
                .isEqualTo(ALICE.peerId());
        assertRefused(
                MALFORMED,
                () -> authenticate(
                        certificate().keys(rsa, "RSASSA-PSS", pss(20)).signatureParameters(salt20)));
    }

    @Test
    void aPeerWithTheLargestRsaKeyIsAccepted() throws Exception {
        RsaIdentity rsa = new RsaIdentity(4096);
        RemoteCertificate decoded = RemoteCertificate.decode(new HandMadeCertificate(rsa).encode(), Instant.now());
        assertThat(decoded.authenticate(LOCAL, rsa.peerId())).isEqualTo(rsa.peerId());
        assertThat(decoded.isCostly()).isTrue();
        assertThat(RemoteCertificate.decode(certificate().encode(), Instant.now())
                        .isCostly())
                .isFalse();
    }

    // --- hostile certificates

    @Test
    void theExtensionMustBeThere() {
        assertRefused(MALFORMED, () -> authenticate(certificate().withoutHostKey()));
        assertRefused(
                MALFORMED,
                () -> authenticate(
                        certificate().withoutHostKey().extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, 10)));
    }

    @Test
    void theExtensionMustNotBeThereTwice() {
        assertRefused(MALFORMED, () -> authenticate(certificate().hostKeyAgain()));
    }

    @Test
    void anUnknownCriticalExtensionIsRefused() {
        assertRefused(
                MALFORMED,
                () -> authenticate(certificate().extension(HandMadeCertificate.UNKNOWN_EXTENSION, true, 10)));
    }

    @Test
    void itMustBeValidNow() {
        Instant now = Instant.now();
        assertRefused(
                MALFORMED, () -> authenticate(certificate().valid(now.minusSeconds(7200), now.minusSeconds(3600))));
        assertRefused(MALFORMED, () -> authenticate(certificate().valid(now.plusSeconds(3600), now.plusSeconds(7200))));
    }

    @Test
    void itMustBeSignedByItsOwnKey() {
        assertRefused(
                BAD_SIGNATURE,
                () -> authenticate(
                        certificate().signer(HandMadeCertificate.ec("secp256r1").getPrivate())));
    }

    @Test
    void theSignatureOfThePeerMustBeOfThisKey() {
        HostKeyExtension ofAnotherCertificate =
                HostKeyExtension.sign(ALICE, certificate().keyInfo());
        assertRefused(BAD_SIGNATURE, () -> authenticate(certificate().hostKey(ofAnotherCertificate)));
    }

    @Test
    void aPeerCannotClaimTheKeyOfAnotherOne() {
        HandMadeCertificate made = certificate();
        HostKeyExtension ofBob = HostKeyExtension.sign(BOB, made.keyInfo());
        made.hostKey(new HostKeyExtension(ALICE.publicKey(), ofBob.signature()));
        assertRefused(BAD_SIGNATURE, () -> authenticate(made));
    }

    @Test
    void anotherPeerThanTheDialledOneIsRefusedBeforeAnySignatureIsChecked() {
        byte[] unsigned = certificate()
                .signer(HandMadeCertificate.ec("secp256r1").getPrivate())
                .encode();
        assertRefused(
                WRONG_PEER,
                () -> RemoteCertificate.decode(unsigned, Instant.now()).authenticate(LOCAL, BOB.peerId()));
    }

    @Test
    void theLocalPeerIsRefused() {
        byte[] own = certificate().encode();
        assertRefused(
                LOCAL_PEER,
                () -> RemoteCertificate.decode(own, Instant.now()).authenticate(ALICE.peerId(), ALICE.peerId()));
    }

    @Test
    void keysThatAreTooSmallOrOfAnotherKindAreRefused() {
        assertRefused(
                LIMIT,
                () -> authenticate(
                        certificate().keys(HandMadeCertificate.keys("RSA", 1024), "SHA256withRSA", RSA_SHA256)));
        assertRefused(
                LIMIT,
                () -> authenticate(certificate()
                        .keys(
                                HandMadeCertificate.ec("secp521r1"),
                                "SHA512withECDSA",
                                new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA512))));
        assertRefused(LIMIT, () -> authenticate(new HandMadeCertificate(new RsaIdentity(1024))));
    }

    @Test
    void aWeakDigestIsRefused() {
        assertRefused(
                MALFORMED,
                () -> authenticate(certificate()
                        .keys(
                                HandMadeCertificate.keys("RSA", 2048),
                                "SHA1withRSA",
                                new AlgorithmIdentifier(
                                        PKCSObjectIdentifiers.sha1WithRSAEncryption, DERNull.INSTANCE))));
    }

    @Test
    void aSignatureOfAnotherKindThanTheKeyIsRefused() {
        KeyPair rsa = HandMadeCertificate.keys("RSA", 2048);
        assertRefused(
                BAD_SIGNATURE,
                () -> authenticate(certificate()
                        .keys(HandMadeCertificate.ec("secp256r1"), "SHA256withRSA", RSA_SHA256)
                        .signer(rsa.getPrivate())));
    }

    @Test
    void bothNamesOfTheAlgorithmMustAgree() {
        assertRefused(MALFORMED, () -> authenticate(certificate().outerAlgorithm(ECDSA_SHA384)));
    }

    @Test
    void aHugeOneIsRefusedUnread() {
        HandMadeCertificate huge =
                certificate().extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, RemoteCertificate.MAX_BYTES);
        assertRefused(LIMIT, () -> authenticate(huge));
        assertRefused(LIMIT, () -> authenticate(new byte[RemoteCertificate.MAX_BYTES + 1]));
    }

    @Test
    void aHugeKeyOfThePeerIsRefused() {
        HandMadeCertificate made = certificate();
        made.hostKey(new HostKeyExtension(Bytes.of(new byte[3000]), Bytes.of(new byte[64])));
        assertRefused(LIMIT, () -> authenticate(made));
    }

    @Test
    void theEncodingMustBeDer() throws Exception {
        ASN1Sequence der = ASN1Sequence.getInstance(certificate().encode());
        byte[] indefiniteLength = new BERSequence(der.toArray()).getEncoded(ASN1Encoding.BER);
        assertRefused(MALFORMED, () -> authenticate(indefiniteLength));
        byte[] valid = certificate().encode();
        assertRefused(MALFORMED, () -> authenticate(Arrays.copyOf(valid, valid.length + 1)));
    }

    /** Other encodings of the same extension: an indefinite length, a long form of a length, and an octet string of two parts. */
    @ParameterizedTest
    @ValueSource(strings = {"3080040161040162 0000", "308106040161040162", "300b24060401610401630401 62"})
    void anExtensionThatIsNotInDerIsMalformed(String hex) {
        byte[] value = Bytes.fromHex(hex.replace(" ", "")).toArray();
        assertRefused(MALFORMED, () -> HostKeyExtension.decode(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100})
    void truncatedOnesAreRefused(int bytes) {
        byte[] valid = certificate().encode();
        assertRefused(MALFORMED, () -> authenticate(Arrays.copyOf(valid, bytes)));
    }

    private static final byte[] VALID = certificate().encode();

    @Property
    void aDamagedOneNeverAuthenticatesItsPeer(
            @ForAll @IntRange(max = 511) int at, @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] damaged = VALID.clone();
        damaged[at % damaged.length] ^= (byte) change;
        assertThatExceptionOfType(TlsException.class).isThrownBy(() -> authenticate(damaged));
    }

    @Property
    void garbageIsRefused(@ForAll byte[] garbage) {
        assertThatExceptionOfType(TlsException.class).isThrownBy(() -> authenticate(garbage));
    }
}
