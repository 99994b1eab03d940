package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.Security;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.kad.transport.netty.tls.TlsIdentity;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecurityProtocolsTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final Optional<Throwable> MISSING = Optional.of(new UnsatisfiedLinkError("no library"));

    private static List<String> names(KademliaConfig config, Optional<Throwable> tlsIsMissing) {
        try (SecurityProtocols protocols = SecurityProtocols.of(
                config,
                ALICE,
                List.of(TestUpgrades.muxer("/yamux/1.0.0")),
                SignatureChecks.inCaller(),
                new LimitCounters(),
                () -> TlsIdentity.create(ALICE, SignatureChecks.inCaller(), InstantSource.system()),
                () -> tlsIsMissing)) {
            return protocols.protocols().stream().map(SecurityProtocol::name).toList();
        }
    }

    private static KademliaConfig config(Security first, Security... others) {
        return KademliaConfig.builder().security(first, others).build();
    }

    @Test
    void bothAreOfferedAndNoiseIsPreferred() {
        assertThat(names(KademliaConfig.builder().build(), Optional.empty())).containsExactly("noise", "tls");
    }

    @Test
    void theOrderIsThatOfTheOption() {
        assertThat(names(config(Security.TLS, Security.NOISE), Optional.empty()))
                .containsExactly("tls", "noise");
        assertThat(names(config(Security.TLS), Optional.empty())).containsExactly("tls");
        assertThat(names(KademliaConfig.builder().set("security", "tls, noise").build(), Optional.empty()))
                .containsExactly("tls", "noise");
    }

    @Test
    void tlsIsLeftOutWhereItsLibraryIsMissing() {
        assertThat(names(config(Security.TLS, Security.NOISE), MISSING)).containsExactly("noise");
    }

    @Test
    void theLibraryOfTlsIsNotAskedForWithoutTls() {
        AtomicInteger asked = new AtomicInteger();
        try (SecurityProtocols protocols = SecurityProtocols.of(
                config(Security.NOISE),
                ALICE,
                List.of(TestUpgrades.muxer("/yamux/1.0.0")),
                SignatureChecks.inCaller(),
                new LimitCounters(),
                () -> TlsIdentity.create(ALICE, SignatureChecks.inCaller(), InstantSource.system()),
                () -> {
                    asked.incrementAndGet();
                    return MISSING;
                })) {
            assertThat(protocols.protocols()).hasSize(1);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void tlsAloneNeedsItsLibrary() {
        assertThatIllegalStateException()
                .isThrownBy(() -> names(config(Security.TLS), MISSING))
                .withMessageContaining("netty-tcnative-boringssl-static")
                .withMessageContaining("set security to noise");
    }

    @Test
    void nothingOfTlsIsMadeIfNoiseFails() {
        Identity unwilling = new Identity() {
            @Override
            public PeerId peerId() {
                return ALICE.peerId();
            }

            @Override
            public Bytes publicKey() {
                return ALICE.publicKey();
            }

            @Override
            public Bytes sign(Bytes message) {
                throw new IllegalStateException("the key is not there");
            }
        };
        AtomicInteger certificates = new AtomicInteger();
        for (Security[] order : new Security[][] {{Security.TLS, Security.NOISE}, {Security.NOISE, Security.TLS}}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> SecurityProtocols.of(
                            config(order[0], order[1]),
                            unwilling,
                            List.of(TestUpgrades.muxer("/yamux/1.0.0")),
                            SignatureChecks.inCaller(),
                            new LimitCounters(),
                            () -> {
                                certificates.incrementAndGet();
                                return TlsIdentity.create(ALICE, SignatureChecks.inCaller(), InstantSource.system());
                            },
                            Optional::empty))
                    .withMessage("the key is not there");
        }
        assertThat(certificates).hasValue(0);
    }

    @Test
    void unknownRepeatedAndMissingNamesAreRefused() {
        for (String wrong : List.of("nosie", "noise,noise", "", "noise,")) {
            assertThatIllegalArgumentException()
                    .as(wrong)
                    .isThrownBy(() ->
                            KademliaConfig.builder().set("security", wrong).build())
                    .withMessageContaining("one or more of noise, tls");
        }
    }
}
