package io.kad.transport.netty.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.support.FuzzInput;
import io.kad.transport.netty.support.TestIdentity;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates of remote peers. The first byte of an input tells whether the rest is a certificate, or its libp2p extension. */
class RemoteCertificateFuzzTest {

    private static final Instant NOW = Instant.parse("2025-01-02T03:04:05Z");
    private static final PeerId LOCAL = new TestIdentity(3).peerId();
    private static final TestIdentity SIGNER = new TestIdentity(1);

    /** Peers with whose keys a seed is signed; no other can be claimed. */
    private static final List<String> SIGNERS = List.of(
            SpecVectors.ED25519_PEER,
            SpecVectors.ECDSA_PEER,
            SpecVectors.SECP256K1_PEER,
            SIGNER.peerId().toString());

    static Stream<byte[]> seeds() {
        HexFormat hex = HexFormat.of();
        byte[] own = new HandMadeCertificate(SIGNER)
                .valid(NOW.minusSeconds(60), NOW.plusSeconds(60))
                .encode();
        byte[] deep = new byte[RemoteCertificate.MAX_BYTES];
        for (int at = 0; at < deep.length; at += 2) {
            deep[at] = 0x30;
            deep[at + 1] = (byte) 0x80;
        }
        byte[] extension = HostKeyExtension.sign(SIGNER, SIGNER.publicKey()).encode();
        return Stream.of(
                FuzzInput.seed(hex.parseHex(SpecVectors.ED25519), 0),
                FuzzInput.seed(hex.parseHex(SpecVectors.ECDSA), 0),
                FuzzInput.seed(hex.parseHex(SpecVectors.SECP256K1), 0),
                FuzzInput.seed(hex.parseHex(SpecVectors.WRONG_SIGNER), 0),
                FuzzInput.seed(own, 0),
                FuzzInput.seed(deep, 0),
                FuzzInput.seed(extension, 1),
                FuzzInput.seed(deep, 1));
    }

    @MethodSource("seeds")
    @FuzzTest
    void isRefusedOrThatOfTheSigner(byte[] input) throws TlsException {
        FuzzInput in = new FuzzInput(input);
        if (in.next(2) == 0) {
            checkCertificate(in.rest());
        } else {
            checkExtension(in.rest());
        }
    }

    private static void checkCertificate(byte[] der) throws TlsException {
        Optional<RemoteCertificate> decoded = accepted(() -> RemoteCertificate.decode(der, NOW));
        if (decoded.isEmpty()) {
            return;
        }
        RemoteCertificate certificate = decoded.get();
        assertThat(certificate.encoded().toArray())
                .isEqualTo(der)
                .hasSizeLessThanOrEqualTo(RemoteCertificate.MAX_BYTES);
        accepted(() -> certificate.authenticate(LOCAL, null)).ifPresent(peer -> {
            assertThat(SIGNERS).contains(peer.toString());
            assertThat(accepted(() -> certificate.authenticate(peer, null)))
                    .as("the local peer")
                    .isEmpty();
            assertThat(accepted(() -> certificate.authenticate(LOCAL, LOCAL)))
                    .as("another peer than the expected one")
                    .isEmpty();
        });
    }

    private static void checkExtension(byte[] value) {
        accepted(() -> HostKeyExtension.decode(value))
                .ifPresent(extension -> assertThat(Arrays.equals(extension.encode(), value))
                        .as("has one encoding")
                        .isTrue());
    }

    /** Step that may refuse. */
    private interface Step<T> {
        T run() throws TlsException;
    }

    private static <T> Optional<T> accepted(Step<T> step) {
        try {
            return Optional.of(step.run());
        } catch (TlsException refused) {
            assertThat(refused.reason()).isNotEqualTo(TlsException.Reason.INTERNAL);
            return Optional.empty();
        }
    }
}
