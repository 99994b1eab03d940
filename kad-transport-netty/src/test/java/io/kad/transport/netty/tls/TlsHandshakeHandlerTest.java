package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.CLOSED;
import static io.kad.transport.netty.tls.TlsException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.tls.TlsException.Reason.OVERLOADED;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Identity;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsHandshakeHandlerTest {

    private static final String YAMUX = "/yamux/1.0.0";
    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);

    /** One segment for each direction. */
    private static final int WHOLE = Integer.MAX_VALUE;

    private final List<TlsContexts> contexts = new ArrayList<>();
    private final RecordedTls dialed = new RecordedTls();
    private final RecordedTls accepted = new RecordedTls();

    private TlsContexts contexts(Identity identity, List<String> muxers) {
        return contexts(identity, muxers, SignatureChecks.inCaller());
    }

    private TlsContexts contexts(Identity identity, List<String> muxers, SignatureChecks checks) {
        TlsContexts created = TlsContexts.create(TlsIdentity.create(identity, checks, InstantSource.system()), muxers);
        contexts.add(created);
        return created;
    }

    private EmbeddedChannel dialer(TlsContexts local) {
        return Wire.channel(TlsHandshakeHandler.dialer(local, BOB.peerId(), dialed));
    }

    private EmbeddedChannel listener(TlsContexts local) {
        return Wire.channel(TlsHandshakeHandler.listener(local, accepted));
    }

    private EmbeddedChannel alice() {
        return dialer(contexts(ALICE, List.of(YAMUX)));
    }

    private EmbeddedChannel bob() {
        return listener(contexts(BOB, List.of(YAMUX)));
    }

    @AfterEach
    void nothingLeaks() {
        try {
            Wire.assertNothingLeaked();
        } finally {
            contexts.forEach(TlsContexts::close);
        }
    }

    @Test
    void theLibraryIsThere() {
        assertThat(TlsContexts.unavailabilityCause()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, WHOLE})
    void bothPeersAreAuthenticatedAndAgreeOnTheMuxer(int segment) {
        EmbeddedChannel alice = alice();
        EmbeddedChannel bob = bob();
        Wire.exchange(alice, bob, segment);
        dialed.assertSecured(BOB.peerId(), YAMUX);
        accepted.assertSecured(ALICE.peerId(), YAMUX);
        assertThat(alice.pipeline().get(TlsHandshakeHandler.class)).isNull();

        alice.writeAndFlush(Unpooled.copiedBuffer("ping", StandardCharsets.UTF_8));
        bob.writeAndFlush(Unpooled.copiedBuffer("pong", StandardCharsets.UTF_8));
        Wire.exchange(alice, bob, segment);
        assertThat(accepted.received()).asString().isEqualTo("ping");
        assertThat(dialed.received()).asString().isEqualTo("pong");
    }

    @Test
    void aCloseWaitsAMomentForAPeerThatDoesNotRead() {
        EmbeddedChannel alice = alice();
        Wire.exchange(alice, bob(), WHOLE);
        alice.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message); // the socket never takes it
            }
        });
        alice.freezeTime();
        alice.pipeline().close(); // the close of an embedded channel cancels what is scheduled
        assertThat(alice.isOpen()).isTrue();
        alice.advanceTimeBy(TlsContexts.CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        alice.runScheduledPendingTasks();
        assertThat(alice.isOpen()).isFalse();
    }

    @Test
    void aPeerThatOffersNoMuxerNegotiatesItAfterTheHandshake() {
        EmbeddedChannel rustLike = dialer(contexts(ALICE, List.of()));
        Wire.exchange(rustLike, bob(), WHOLE);
        dialed.assertSecured(BOB.peerId(), null);
        accepted.assertSecured(ALICE.peerId(), null);
    }

    @Test
    void aListenerWithoutEarlyMuxersNegotiatesItAfterTheHandshake() {
        EmbeddedChannel alice = alice();
        Wire.exchange(alice, listener(contexts(BOB, List.of())), WHOLE);
        dialed.assertSecured(BOB.peerId(), null);
        accepted.assertSecured(ALICE.peerId(), null);
    }

    @Test
    void bytesBehindTheHandshakeReachTheNextHandlers() {
        EmbeddedChannel alice = alice();
        EmbeddedChannel bob = bob();
        Wire.deliver(bob, Wire.sent(alice));
        Wire.deliver(alice, Wire.sent(bob));
        dialed.assertSecured(BOB.peerId(), YAMUX);
        alice.writeAndFlush(Unpooled.copiedBuffer("early", StandardCharsets.UTF_8));
        Wire.deliver(bob, Wire.sent(alice)); // the last flight of the handshake and the data in one segment
        accepted.assertSecured(ALICE.peerId(), YAMUX);
        assertThat(accepted.received()).asString().isEqualTo("early");
    }

    @Test
    void nothingIsReadWhileTheIdentityIsChecked() {
        List<Runnable> waiting = new ArrayList<>();
        TlsContexts slow = contexts(BOB, List.of(YAMUX), new SignatureChecks(waiting::add, waiting::add));
        EmbeddedChannel alice = alice();
        EmbeddedChannel bob = listener(slow);
        Wire.exchange(alice, bob, WHOLE);
        alice.writeAndFlush(Unpooled.copiedBuffer("early", StandardCharsets.UTF_8));
        Wire.exchange(alice, bob, WHOLE);
        accepted.assertPending();
        assertThat(bob.config().isAutoRead()).isFalse();

        waiting.forEach(Runnable::run);
        Wire.exchange(alice, bob, WHOLE);
        accepted.assertSecured(ALICE.peerId(), YAMUX);
        assertThat(accepted.received()).asString().isEqualTo("early");
        assertThat(bob.config().isAutoRead()).isTrue();
    }

    @Test
    void aConnectionThatClosesDuringTheCheckFailsOnce() {
        List<Runnable> waiting = new ArrayList<>();
        EmbeddedChannel bob = listener(contexts(BOB, List.of(YAMUX), new SignatureChecks(waiting::add, waiting::add)));
        Wire.exchange(alice(), bob, WHOLE);
        bob.close();
        bob.runPendingTasks();
        waiting.forEach(Runnable::run);
        bob.runPendingTasks();
        accepted.assertFailed(CLOSED);
    }

    @Test
    void aConnectionIsRefusedWhenTooManyChecksWait() {
        SignatureChecks full = new SignatureChecks(
                check -> {
                    throw new RejectedExecutionException("full");
                },
                check -> {
                    throw new RejectedExecutionException("full");
                });
        EmbeddedChannel bob = listener(contexts(BOB, List.of(YAMUX), full));
        Wire.exchange(alice(), bob, WHOLE);
        accepted.assertFailed(OVERLOADED);
        assertThat(bob.isOpen()).isFalse();
    }

    @Test
    void theLocalPeerIsRefusedAndBothEndsKnowTheConnectionByOneName() {
        TlsContexts bob = contexts(BOB, List.of(YAMUX));
        EmbeddedChannel dialer = dialer(bob);
        EmbeddedChannel listener = listener(bob);
        Wire.exchange(dialer, listener, WHOLE);
        dialed.assertFailed(LOCAL_PEER);
        accepted.assertFailed(LOCAL_PEER);
        assertThat(dialed.name()).isEqualTo(accepted.name());
    }

    @Test
    void connectionsOfTwoProcessesWithOneIdentityHaveNamesByTheirDirection() {
        TlsContexts one = contexts(BOB, List.of(YAMUX));
        TlsContexts other = contexts(BOB, List.of(YAMUX));
        Wire.exchange(dialer(one), listener(other), WHOLE);
        RecordedTls inbound = new RecordedTls();
        Wire.exchange(
                Wire.channel(TlsHandshakeHandler.dialer(other, BOB.peerId(), new RecordedTls())),
                Wire.channel(TlsHandshakeHandler.listener(one, inbound)),
                WHOLE);
        assertThat(dialed.name()).isEqualTo(accepted.name()).isNotEqualTo(inbound.name());
    }

    @Test
    void theDialerSendsNoServerName() {
        byte[] hello = Wire.sent(alice());
        // handshake record; the hello of a client is its only message
        assertThat(hello[0]).isEqualTo((byte) 22);
        assertThat(extensionTypes(hello)).isNotEmpty().doesNotContain(0).contains(16);
    }

    private static List<Integer> extensionTypes(byte[] hello) {
        var in = Unpooled.wrappedBuffer(hello);
        in.skipBytes(5 + 4 + 2 + 32); // record, message, version, random
        in.skipBytes(in.readUnsignedByte()); // session
        in.skipBytes(in.readUnsignedShort()); // cipher suites
        in.skipBytes(in.readUnsignedByte()); // compression
        List<Integer> types = new ArrayList<>();
        for (int left = in.readUnsignedShort(); left > 0; ) {
            types.add(in.readUnsignedShort());
            int length = in.readUnsignedShort();
            in.skipBytes(length);
            left -= 4 + length;
        }
        return types;
    }
}
