package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.deliver;
import static io.kad.transport.netty.support.Wire.exchange;
import static io.kad.transport.netty.support.Wire.join;
import static io.kad.transport.netty.support.Wire.leaked;
import static io.kad.transport.netty.support.Wire.pass;
import static io.kad.transport.netty.support.Wire.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolLookup;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseException;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.SecurityProtocol;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.upgrade.UpgradeException.Reason;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionUpgradeTest {
    private static final String YAMUX = "/yamux/1.0.0";
    private static final byte[] HEADER_AND_NOISE = "\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(UTF_8);
    private static final Duration TIMEOUT = TestUpgrades.TIMEOUT;
    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final NoiseIdentity ALICE_NOISE = NoiseIdentity.create(ALICE, List.of(YAMUX));
    private static final NoiseIdentity BOB_NOISE = NoiseIdentity.create(BOB, List.of(YAMUX));
    private static final NoiseIdentity SILENT_BOB = NoiseIdentity.create(BOB, List.of());

    private final RecordedUpgrade dialed = new RecordedUpgrade();
    private final RecordedUpgrade accepted = new RecordedUpgrade();

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100, 100_000})
    void aDialledConnectionIsUpgradedOnBothSides(int segmentSize) {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = listener();
        exchange(dialer, listener, segmentSize);
        dialed.assertUpgraded(dialer, true, BOB.peerId(), "noise", YAMUX);
        accepted.assertUpgraded(listener, false, ALICE.peerId(), "noise", YAMUX);
        assertThat(dialer.pipeline().get(UpgradeGuard.class)).isNull();
        assertThat(listener.pipeline().get(UpgradeGuard.class)).isNull();
        assertConnected(dialer, listener, segmentSize);
        pass(dialer, TIMEOUT.multipliedBy(2));
        pass(listener, TIMEOUT.multipliedBy(2));
        assertThat(dialer.isOpen()).isTrue();
        assertThat(listener.isOpen()).isTrue();
    }

    @Test
    void theUpgradeTakesTwoRoundTripsAndTheMuxerNone() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = listener();
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        assertThat(dialed.connection().muxer().protocol()).isEqualTo(YAMUX);
        dialer.writeOutbound(Unpooled.copiedBuffer("frames", UTF_8));
        // The last message of the handshake and the first frames in one segment
        deliver(listener, sent(dialer));
        assertThat(accepted.sink().received()).isEqualTo("frames".getBytes(UTF_8));
    }

    /** rust-libp2p states no muxer in its handshake: the dialer proposes its only one, and does not wait. */
    @Test
    void aMuxerThatIsNegotiatedAfterTheHandshakeTakesNoRoundTripEither() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = rustLikeListener(YAMUX);
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        dialer.writeOutbound(Unpooled.copiedBuffer("frames", UTF_8));
        deliver(listener, sent(dialer));
        assertThat(accepted.connection().muxer().protocol()).isEqualTo(YAMUX);
        assertThat(accepted.sink().received()).isEqualTo("frames".getBytes(UTF_8));
    }

    @Test
    void aRefusalIsSentBeforeTheConnectionIsClosed() {
        EmbeddedChannel listener = listener();
        sent(listener);
        byte[] proposal = "\u0013/multistream/1.0.0\n\u000b/tls/1.0.0\n".getBytes(UTF_8);
        deliver(listener, join(proposal, new byte[] {0, 32}));
        assertThat(new String(sent(listener), UTF_8)).isEqualTo("\u0003na\n");
        accepted.assertFailed(Reason.NEGOTIATION);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aDialerMayProposeAndBeginTheHandshakeInOneSegment() {
        EmbeddedChannel listener = listener();
        byte[] first = join(new byte[] {0, 32}, new byte[31], new byte[] {9});
        deliver(listener, join(HEADER_AND_NOISE, first));
        byte[] response = sent(listener);
        assertThat(Arrays.copyOf(response, HEADER_AND_NOISE.length)).isEqualTo(HEADER_AND_NOISE);
        assertThat(response).hasSize(HEADER_AND_NOISE.length + 2 + 216);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 100_000})
    void aMuxerIsNegotiatedWithADialerThatOffersNoneInTheHandshake(int segmentSize) {
        EmbeddedChannel dialer = channel(new RustLikeDialer());
        EmbeddedChannel listener = listener();
        exchange(dialer, listener, segmentSize);
        assertThat(accepted.connection().muxer().protocol()).isEqualTo(YAMUX);
        assertThat(accepted.sink().received()).isEqualTo("frames".getBytes(UTF_8));
        assertThat(listener.pipeline().get(UpgradeGuard.class)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 100_000})
    void aMuxerIsNegotiatedWithAListenerThatOffersNoneInTheHandshake(int segmentSize) {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = rustLikeListener(YAMUX);
        exchange(dialer, listener, segmentSize);
        assertThat(dialed.connection().muxer().protocol()).isEqualTo(YAMUX);
        assertThat(dialer.pipeline().get(UpgradeGuard.class)).isNull();
        assertConnected(dialer, listener, segmentSize);
    }

    @Test
    void aListenerThatLacksTheMuxerIsClosedAfterItsRefusal() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = rustLikeListener("/mplex/6.7.0");
        exchange(dialer, listener, 1000);
        assertThat(dialed.calls()).isOne();
        assertThat(dialer.isOpen()).isFalse();
        assertThat(dialed.sink().received()).isEmpty();
    }

    @Test
    void aListenerThatNeverAgreesOnTheMuxerTimesOut() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        pass(dialer, TIMEOUT.minusSeconds(1));
        EmbeddedChannel listener = channel(new MultistreamResponder(
                ProtocolLookup.of(Map.of(
                        "/noise",
                        (channel, protocol) -> channel.pipeline()
                                .addLast(NoiseHandshakeHandler.responder(SILENT_BOB, new IgnoredHandshake())))),
                NegotiationListener.NONE,
                Duration.ZERO));
        exchange(dialer, listener, 1000);
        assertThat(dialed.connection().peer()).isEqualTo(BOB.peerId());
        pass(dialer, Duration.ofSeconds(1));
        assertThat(dialer.isOpen()).isFalse();
        assertThat(dialed.calls()).isOne();
    }

    @Test
    void anUnexpectedPeerIsRefused() {
        EmbeddedChannel dialer = dialer(new TestIdentity(3).peerId());
        EmbeddedChannel listener = listener();
        exchange(dialer, listener, 1000);
        UpgradeException cause = dialed.assertFailed(Reason.WRONG_PEER);
        assertThat(cause.getCause()).isInstanceOf(HandshakeException.class).hasCauseInstanceOf(NoiseException.class);
        assertThat(dialer.isOpen()).isFalse();
        listener.close();
        accepted.assertFailed(Reason.CLOSED);
    }

    @Test
    void aRemoteWithoutNoiseIsRefused() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener =
                channel(new MultistreamResponder(ProtocolLookup.of(Map.of()), NegotiationListener.NONE, Duration.ZERO));
        exchange(dialer, listener, 1000);
        UpgradeException cause = dialed.assertFailed(Reason.NEGOTIATION);
        assertThat(cause.getCause())
                .isInstanceOfSatisfying(
                        NegotiationException.class,
                        e -> assertThat(e.reason()).isEqualTo(NegotiationException.Reason.REFUSED));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 28, 62})
    void aRemoteThatStallsAnywhereTimesOut(int bytes) {
        byte[] beginning = join(HEADER_AND_NOISE, new byte[] {0, 32}, new byte[31], new byte[] {9});
        EmbeddedChannel listener = listener();
        pass(listener, TIMEOUT.minusNanos(2));
        deliver(listener, Arrays.copyOf(beginning, bytes));
        pass(listener, Duration.ofNanos(1));
        accepted.assertPending();
        assertThat(listener.isOpen()).isTrue();
        pass(listener, Duration.ofNanos(1));
        accepted.assertFailed(Reason.TIMEOUT);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aConnectionErrorIsReported() {
        EmbeddedChannel listener = listener();
        listener.pipeline().fireExceptionCaught(new IOException("reset"));
        accepted.assertFailed(Reason.CLOSED);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aRemoteThatExceedsTheUnauthenticatedLimitIsClosed() {
        UpgradeGuard guard = new UpgradeGuard(accepted, TIMEOUT);
        EmbeddedChannel listener = channel(guard, new Discard());
        deliver(listener, new byte[UpgradeGuard.MAX_UNAUTHENTICATED_BYTES], 1000);
        accepted.assertPending();
        deliver(listener, new byte[1]);
        accepted.assertFailed(Reason.LIMIT);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void framesAfterTheHandshakeDoNotCountForTheLimit() {
        EmbeddedChannel dialer = dialer(BOB.peerId());
        EmbeddedChannel listener = listener();
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        dialer.writeOutbound(Unpooled.wrappedBuffer(new byte[100_000]));
        deliver(listener, sent(dialer));
        assertThat(accepted.sink().received()).hasSize(100_000);
    }

    @Test
    void aMuxerThatCannotBeInstalledClosesTheConnection() {
        UpgradeListener broken = new UpgradeListener() {
            @Override
            public void onUpgraded(UpgradedConnection connection) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void onUpgradeFailed(Channel channel, UpgradeException cause) {
                throw new AssertionError("reported twice", cause);
            }
        };
        for (NoiseIdentity other : List.of(BOB_NOISE, SILENT_BOB)) {
            EmbeddedChannel dialer = channel();
            TestUpgrades.of(ALICE_NOISE).upgradeOutbound(dialer, BOB.peerId(), broken);
            EmbeddedChannel listener = other == BOB_NOISE ? listener() : rustLikeListener(YAMUX);
            exchange(dialer, listener, 1000);
            assertThat(dialer.isOpen()).isFalse();
        }
    }

    @Test
    void anUpgradeNeedsTimeASecurityProtocolAndAMuxer() {
        List<SecurityProtocol> noise = List.of(TestUpgrades.noise(BOB_NOISE));
        List<Muxer> yamux = List.of(TestUpgrades.muxer(YAMUX));
        assertThatThrownBy(() -> new ConnectionUpgrade(List.of(), yamux, TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConnectionUpgrade(noise, List.of(), TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConnectionUpgrade(noise, yamux, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void garbageEndsInOneFailureAndLeaksNothing(
            @ForAll @Size(max = 400) byte[] garbage,
            @ForAll @IntRange(max = 28) int validBytes,
            @ForAll boolean dials,
            @ForAll @IntRange(min = 1, max = 400) int segmentSize) {
        RecordedUpgrade result = new RecordedUpgrade();
        EmbeddedChannel channel = channel();
        if (dials) {
            TestUpgrades.of(ALICE_NOISE).upgradeOutbound(channel, BOB.peerId(), result);
        } else {
            TestUpgrades.of(ALICE_NOISE).upgradeInbound(channel, result);
        }
        deliver(channel, join(Arrays.copyOf(HEADER_AND_NOISE, validBytes), garbage), segmentSize);
        pass(channel, TIMEOUT);
        assertThat(result.calls()).isOne();
        assertThat(channel.isOpen()).isFalse();
        assertThat(leaked(channel)).isZero();
    }

    @Property
    void aCorruptedByteLeavesNoSecuredPair(
            @ForAll @IntRange(max = 28 + 28 + 34 + 218 + 186 - 1) int position,
            @ForAll @IntRange(min = 1, max = 255) int change,
            @ForAll @IntRange(min = 1, max = 300) int segmentSize) {
        RecordedUpgrade dialerResult = new RecordedUpgrade();
        RecordedUpgrade listenerResult = new RecordedUpgrade();
        EmbeddedChannel dialer = channel();
        EmbeddedChannel listener = channel();
        TestUpgrades.of(ALICE_NOISE).upgradeOutbound(dialer, BOB.peerId(), dialerResult);
        TestUpgrades.of(BOB_NOISE).upgradeInbound(listener, listenerResult);
        int[] passed = {0};
        exchange(dialer, listener, segmentSize, bytes -> {
            int at = position - passed[0];
            passed[0] += bytes.length;
            if (at >= 0 && at < bytes.length) {
                bytes[at] ^= (byte) change;
            }
            return bytes;
        });
        pass(dialer, TIMEOUT);
        pass(listener, TIMEOUT);
        assertThat(passed[0]).isGreaterThan(position);
        assertThat(dialerResult.calls()).isOne();
        assertThat(listenerResult.calls()).isOne();
        assertThat(listenerResult.failures()).isOne();
        assertThat(listener.isOpen()).isFalse();
        assertThat(leaked(dialer) + leaked(listener)).isZero();
    }

    private EmbeddedChannel dialer(PeerId expected) {
        EmbeddedChannel channel = channel();
        TestUpgrades.of(ALICE_NOISE).upgradeOutbound(channel, expected, dialed);
        return channel;
    }

    private EmbeddedChannel listener() {
        EmbeddedChannel channel = channel();
        TestUpgrades.of(BOB_NOISE).upgradeInbound(channel, accepted);
        return channel;
    }

    /** Accepts like rust-libp2p: no muxers in the handshake, multistream-select after it. */
    private EmbeddedChannel rustLikeListener(String muxer) {
        EmbeddedChannel channel = channel();
        new ConnectionUpgrade(List.of(TestUpgrades.noise(SILENT_BOB)), List.of(TestUpgrades.muxer(muxer)), TIMEOUT)
                .upgradeInbound(channel, accepted);
        return channel;
    }

    private void assertConnected(EmbeddedChannel dialer, EmbeddedChannel listener, int segmentSize) {
        dialer.writeOutbound(Unpooled.copiedBuffer("ping", UTF_8));
        exchange(dialer, listener, segmentSize);
        listener.writeOutbound(Unpooled.copiedBuffer("pong", UTF_8));
        exchange(dialer, listener, segmentSize);
        assertThat(accepted.sink().received()).isEqualTo("ping".getBytes(UTF_8));
        assertThat(dialed.sink().received()).isEqualTo("pong".getBytes(UTF_8));
    }
}
