package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.exchange;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Upgrades between peers that offer several security protocols and muxers. */
class SecurityPreferenceTest {

    private static final PeerId ALICE = new TestIdentity(1).peerId();
    private static final PeerId BOB = new TestIdentity(2).peerId();
    private static final Muxer YAMUX = TestUpgrades.muxer("/yamux/1.0.0");
    private static final Muxer OTHER = TestUpgrades.muxer("/other/1.0.0");

    private final RecordedUpgrade dialed = new RecordedUpgrade();
    private final RecordedUpgrade accepted = new RecordedUpgrade();
    private final EmbeddedChannel dialer = channel();
    private final EmbeddedChannel listener = channel();

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    private static SecurityProtocol plain(String name, PeerId remote) {
        return new PlainSecurity(name, remote, Optional.empty());
    }

    private void upgrade(
            List<SecurityProtocol> dialerSecurity,
            List<Muxer> dialerMuxers,
            List<SecurityProtocol> listenerSecurity,
            List<Muxer> listenerMuxers) {
        new ConnectionUpgrade(dialerSecurity, dialerMuxers, TestUpgrades.TIMEOUT).upgradeOutbound(dialer, BOB, dialed);
        new ConnectionUpgrade(listenerSecurity, listenerMuxers, TestUpgrades.TIMEOUT)
                .upgradeInbound(listener, accepted);
        exchange(dialer, listener, 1000);
    }

    @Test
    void theFirstProtocolOfTheDialerThatBothOfferIsUsed() {
        upgrade(
                List.of(plain("one", BOB), plain("two", BOB), plain("three", BOB)),
                List.of(YAMUX),
                List.of(plain("three", ALICE), plain("two", ALICE)),
                List.of(YAMUX));
        dialed.assertUpgraded(dialer, true, BOB, "two", "/yamux/1.0.0");
        accepted.assertUpgraded(listener, false, ALICE, "two", "/yamux/1.0.0");
    }

    @Test
    void noiseStandsBesideAnotherProtocol() {
        NoiseIdentity alice = NoiseIdentity.create(new TestIdentity(1), List.of());
        NoiseIdentity bob = NoiseIdentity.create(new TestIdentity(2), List.of());
        upgrade(
                List.of(plain("tls", BOB), TestUpgrades.noise(alice)),
                List.of(YAMUX),
                List.of(TestUpgrades.noise(bob)),
                List.of(YAMUX));
        dialed.assertUpgraded(dialer, true, BOB, "noise", "/yamux/1.0.0");
        accepted.assertUpgraded(listener, false, ALICE, "noise", "/yamux/1.0.0");
    }

    @Test
    void noCommonProtocolFailsBothSides() {
        upgrade(List.of(plain("one", BOB)), List.of(YAMUX), List.of(plain("two", ALICE)), List.of(YAMUX));
        dialed.assertFailed(UpgradeException.Reason.NEGOTIATION);
        assertThat(dialer.isOpen()).isFalse();
        listener.close();
        accepted.assertFailed(UpgradeException.Reason.CLOSED);
    }

    @Test
    void theFirstMuxerOfTheDialerThatBothOfferIsUsedAndBytesFollow() {
        upgrade(List.of(plain("one", BOB)), List.of(OTHER, YAMUX), List.of(plain("one", ALICE)), List.of(YAMUX));
        dialed.assertUpgraded(dialer, true, BOB, "one", "/yamux/1.0.0");
        accepted.assertUpgraded(listener, false, ALICE, "one", "/yamux/1.0.0");
        assertThat(dialer.pipeline().get(UpgradeGuard.class)).isNull();
        assertThat(listener.pipeline().get(UpgradeGuard.class)).isNull();
        dialer.writeOutbound(Unpooled.copiedBuffer("frames", UTF_8));
        exchange(dialer, listener, 1000);
        assertThat(accepted.sink().received()).isEqualTo("frames".getBytes(UTF_8));
    }

    @Test
    void aMuxerSelectedInTheHandshakeIsNotNegotiated() {
        Optional<String> other = Optional.of("/other/1.0.0");
        upgrade(
                List.of(new PlainSecurity("one", BOB, other)),
                List.of(YAMUX, OTHER),
                List.of(new PlainSecurity("one", ALICE, other)),
                List.of(YAMUX, OTHER));
        dialed.assertUpgraded(dialer, true, BOB, "one", "/other/1.0.0");
        accepted.assertUpgraded(listener, false, ALICE, "one", "/other/1.0.0");
    }

    @Test
    void aSelectedMuxerThatIsNotOfferedIsADefect() {
        upgrade(
                List.of(new PlainSecurity("one", BOB, Optional.of("/other/1.0.0"))),
                List.of(YAMUX),
                List.of(plain("one", ALICE)),
                List.of(YAMUX));
        dialed.assertFailed(UpgradeException.Reason.INTERNAL);
        assertThat(dialer.isOpen()).isFalse();
    }
}
