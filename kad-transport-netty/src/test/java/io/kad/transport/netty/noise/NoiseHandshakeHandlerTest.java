package io.kad.transport.netty.noise;

import static io.kad.transport.netty.support.Wire.channel;
import static io.kad.transport.netty.support.Wire.deliver;
import static io.kad.transport.netty.support.Wire.exchange;
import static io.kad.transport.netty.support.Wire.join;
import static io.kad.transport.netty.support.Wire.leaked;
import static io.kad.transport.netty.support.Wire.sent;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.noise.NoiseException.Reason;
import io.kad.transport.netty.support.ForwardingIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseHandshakeHandlerTest {
    private static final String YAMUX = "/yamux/1.0.0";
    private static final byte[] EMPTY = new byte[0];

    private final TestIdentity alice = new TestIdentity(1);
    private final TestIdentity bob = new TestIdentity(2);
    private final RecordedHandshake aliceResult = new RecordedHandshake();
    private final RecordedHandshake bobResult = new RecordedHandshake();

    @AfterEach
    void releaseEverything() {
        Wire.assertNothingLeaked();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 33, 100_000})
    void bothSidesAuthenticateEachOther(int segmentSize) {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        EmbeddedChannel listener = listener(bob, YAMUX);
        exchange(dialer, listener, segmentSize);
        assertThat(aliceResult.session().id()).isEqualTo(bob.peerId());
        assertThat(aliceResult.session().muxer()).contains(YAMUX);
        assertThat(bobResult.session().id()).isEqualTo(alice.peerId());
        assertThat(bobResult.session().muxer()).contains(YAMUX);

        dialer.writeOutbound(Unpooled.copiedBuffer("ping", UTF_8));
        exchange(dialer, listener, segmentSize);
        listener.writeOutbound(Unpooled.copiedBuffer("pong", UTF_8));
        exchange(dialer, listener, segmentSize);
        assertThat(bobResult.received()).isEqualTo("ping".getBytes(UTF_8));
        assertThat(aliceResult.received()).isEqualTo("pong".getBytes(UTF_8));
        assertThat(dialer.pipeline().get(NoiseHandshakeHandler.class)).isNull();
    }

    @Test
    void messagesHaveTheSizesOfOtherImplementations() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        EmbeddedChannel listener = listener(bob, YAMUX);
        byte[] first = sent(dialer);
        assertThat(first).hasSize(2 + 32);
        deliver(listener, first);
        byte[] second = sent(listener);
        assertThat(second).hasSize(2 + 216);
        deliver(dialer, second);
        assertThat(sent(dialer)).hasSize(2 + 184);
    }

    @Test
    void recordsMayComeInTheSegmentOfTheLastMessage() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        dialer.writeOutbound(Unpooled.copiedBuffer("frames", UTF_8));
        deliver(listener, sent(dialer));
        assertThat(bobResult.received()).isEqualTo("frames".getBytes(UTF_8));
    }

    @Test
    void noMuxerIsChosenIfOneSideOffersNone() {
        exchange(dialer(alice, bob.peerId(), YAMUX), listener(bob), 1000);
        assertThat(aliceResult.session().muxer()).isEmpty();
        assertThat(bobResult.session().muxer()).isEmpty();
    }

    @Test
    void theInitiatorsPreferenceDecides() {
        exchange(dialer(alice, bob.peerId(), "/b", "/a"), listener(bob, "/a", "/b"), 1000);
        assertThat(aliceResult.session().muxer()).contains("/b");
        assertThat(bobResult.session().muxer()).contains("/b");
    }

    @Test
    void withoutACommonMuxerTheConnectionIsClosed() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), "/a");
        EmbeddedChannel listener = listener(bob, "/b");
        exchange(dialer, listener, 1000);
        aliceResult.assertFailed(Reason.NO_COMMON_MUXER);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void anUnexpectedPeerIsRefusedBeforeTheDialerRevealsItsIdentity() {
        EmbeddedChannel dialer = dialer(alice, new TestIdentity(3).peerId(), YAMUX);
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, sent(dialer));
        deliver(dialer, sent(listener));
        aliceResult.assertFailed(Reason.WRONG_PEER);
        assertThat(dialer.isOpen()).isFalse();
        assertThat(sent(dialer)).isEmpty();
        bobResult.assertPending();
    }

    /** Each side learns of the other one with its key. A claim without proof is a bad signature: anybody can make it. */
    @Test
    void theLocalPeerIsRefused() {
        EmbeddedChannel dialer = dialer(alice, alice.peerId(), YAMUX);
        EmbeddedChannel listener = listener(alice, YAMUX);
        exchange(dialer, listener, 1000);
        aliceResult.assertFailed(Reason.LOCAL_PEER);
        bobResult.assertFailed(Reason.LOCAL_PEER);
        assertThat(dialer.isOpen()).isFalse();

        RecordedHandshake result = new RecordedHandshake();
        EmbeddedChannel strict =
                channel(NoiseHandshakeHandler.responder(NoiseIdentity.create(alice, List.of(YAMUX)), result));
        exchange(scriptedDialer(NoiseIdentity.create(alice, List.of()).payload()), strict, 1000);
        result.assertFailed(Reason.BAD_SIGNATURE);
    }

    @Test
    void anInvalidSignatureClosesEitherSide() {
        Identity forger = new Forger(bob);
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        EmbeddedChannel listener = listener(forger, YAMUX);
        exchange(dialer, listener, 1000);
        aliceResult.assertFailed(Reason.BAD_SIGNATURE);
        assertThat(dialer.isOpen()).isFalse();

        RecordedHandshake result = new RecordedHandshake();
        EmbeddedChannel forgedDialer = channel(NoiseHandshakeHandler.initiator(
                NoiseIdentity.create(forger, List.of(YAMUX)), alice.peerId(), new RecordedHandshake()));
        EmbeddedChannel strict =
                channel(NoiseHandshakeHandler.responder(NoiseIdentity.create(alice, List.of(YAMUX)), result));
        exchange(forgedDialer, strict, 1000);
        result.assertFailed(Reason.BAD_SIGNATURE);
        assertThat(strict.isOpen()).isFalse();
    }

    @Test
    void aSignatureOfAnotherStaticKeyIsRefused() {
        // The payload of one transport, sent over a connection of another
        exchange(scriptedDialer(NoiseIdentity.create(bob, List.of()).payload()), listener(alice, YAMUX), 1000);
        bobResult.assertFailed(Reason.BAD_SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0a0101", "0affffffff0f", "ffffffffffffffffffffff"})
    void aPayloadThatCannotBeReadIsMalformed(String hex) {
        EmbeddedChannel listener = listener(alice, YAMUX);
        exchange(scriptedDialer(HexFormat.of().parseHex(hex)), listener, 1000);
        bobResult.assertFailed(Reason.MALFORMED);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aFirstMessageWithAPayloadIsRefused() {
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, framed(new byte[33]));
        bobResult.assertFailed(Reason.MALFORMED);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aWeakKeyIsRefused() {
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, framed(new byte[32]));
        bobResult.assertFailed(Reason.WEAK_KEY);
        assertThat(listener.isOpen()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, MALFORMED", "31, MALFORMED", "8193, LIMIT", "65535, LIMIT"})
    void aMessageOfAnImpossibleLengthIsRefusedByItsFirstTwoBytes(int length, Reason reason) {
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, new byte[] {(byte) (length >>> 8), (byte) length});
        bobResult.assertFailed(reason);
        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void aMessageOfEightKibibytesIsRead() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        byte[] message = new byte[8192];
        new Random(1).nextBytes(message);
        deliver(dialer, Arrays.copyOf(framed(message), 8193));
        aliceResult.assertPending();
        deliver(dialer, new byte[] {0});
        aliceResult.assertFailed(Reason.BAD_TAG);
    }

    @Test
    void aDamagedMessageIsRefused() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        EmbeddedChannel listener = listener(bob, YAMUX);
        deliver(listener, sent(dialer));
        byte[] second = sent(listener);
        second[100] ^= 1;
        deliver(dialer, second);
        aliceResult.assertFailed(Reason.BAD_TAG);
        dialer.runPendingTasks();
        listener.close();
        bobResult.assertFailed(Reason.CLOSED);
    }

    @Test
    void aConnectionErrorEndsTheHandshake() {
        EmbeddedChannel dialer = dialer(alice, bob.peerId(), YAMUX);
        dialer.pipeline().fireExceptionCaught(new IOException("reset"));
        aliceResult.assertFailed(Reason.CLOSED);
        assertThat(dialer.isOpen()).isFalse();
    }

    @Test
    void twoTransportsOfOnePeerHaveDifferentStaticKeys() {
        NoiseIdentity one = NoiseIdentity.create(alice, List.of(YAMUX));
        NoiseIdentity other = NoiseIdentity.create(alice, List.of(YAMUX));
        assertThat(one.staticKey().publicKey()).isNotEqualTo(other.staticKey().publicKey());
    }

    @Property
    void garbageEndsInOneFailureAndLeaksNothing(
            @ForAll @Size(max = 600) byte[] garbage,
            @ForAll boolean dials,
            @ForAll boolean framed,
            @ForAll @IntRange(min = 1, max = 600) int segmentSize) {
        RecordedHandshake result = new RecordedHandshake();
        EmbeddedChannel channel = channel(
                dials
                        ? NoiseHandshakeHandler.initiator(CachedIdentity.ALICE, bob.peerId(), result)
                        : NoiseHandshakeHandler.responder(CachedIdentity.ALICE, result));
        byte[] bytes = framed ? join(framed(garbage), garbage) : garbage;
        deliver(channel, bytes, segmentSize);
        channel.close();
        assertThat(result.calls()).isOne();
        assertThat(leaked(channel)).isZero();
    }

    private EmbeddedChannel dialer(Identity identity, PeerId expected, String... muxers) {
        return channel(NoiseHandshakeHandler.initiator(
                NoiseIdentity.create(identity, List.of(muxers)), expected, aliceResult));
    }

    private EmbeddedChannel listener(Identity identity, String... muxers) {
        return channel(NoiseHandshakeHandler.responder(NoiseIdentity.create(identity, List.of(muxers)), bobResult));
    }

    /** Returns a dialer that sends any payload and accepts any peer. */
    private static EmbeddedChannel scriptedDialer(byte[] payload) {
        return channel(new ScriptedDialer(payload));
    }

    static byte[] framed(byte[] message) {
        return join(new byte[] {(byte) (message.length >>> 8), (byte) message.length}, message);
    }

    /** Noise identity that a thousand tries share. */
    private static final class CachedIdentity {
        static final NoiseIdentity ALICE = NoiseIdentity.create(new TestIdentity(1), List.of(YAMUX));
    }

    /** Peer that claims an identity without its private key. */
    private record Forger(Identity identity) implements ForwardingIdentity {

        @Override
        public Bytes sign(Bytes message) {
            return new TestIdentity(99).sign(message);
        }
    }

    private static final class ScriptedDialer extends ChannelInboundHandlerAdapter {
        private final NoiseHandshake handshake =
                NoiseHandshake.initiator(X25519KeyPair.generate(new SecureRandom()), new SecureRandom());
        private final byte[] payload;

        ScriptedDialer(byte[] payload) {
            this.payload = payload;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws NoiseException {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(framed(handshake.writeMessage(EMPTY))));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws NoiseException {
            ByteBuf in = (ByteBuf) message;
            in.skipBytes(2);
            handshake.readMessage(ByteBufUtil.getBytes(in));
            in.release();
            ctx.writeAndFlush(Unpooled.wrappedBuffer(framed(handshake.writeMessage(payload))));
        }
    }
}
