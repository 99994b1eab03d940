package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicChannel;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of a QUIC connection. */
class QuicConnectionTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final int MAX_INBOUND = 16;

    private static final QuicLimits LIMITS = new QuicLimits(
            1000,
            MAX_INBOUND,
            3,
            Duration.ofMillis(500),
            1 << 20,
            Duration.ofSeconds(1),
            100,
            Duration.ofSeconds(1),
            QuicLimits.DEFAULTS.closeTimeout());
    private static final QuicLimits AMPLE_LIMITS = withWriteAndSilenceTimeout(Duration.ofSeconds(1));

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final AtomicInteger accepted = new AtomicInteger();
    private boolean reads = true;
    private MuxedConnection alice;
    private MuxedConnection bob;
    private ConnectionBudget aliceBudget;
    private ConnectionBudget bobBudget;

    private static QuicLimits withWriteAndSilenceTimeout(Duration timeout) {
        return new QuicLimits(
                1000, 256, 1000, AMPLE, 64 << 20, timeout, 1_000_000, timeout, QuicLimits.DEFAULTS.closeTimeout());
    }

    @BeforeEach
    void connect() throws Exception {
        connect(AMPLE_LIMITS, LIMITS);
    }

    private void connect(QuicLimits ofAlice, QuicLimits ofBob) throws Exception {
        Loopback.Result accepted = new Loopback.Result();
        Loopback.Result dialled = new Loopback.Result();
        InetSocketAddress address = loopback.listen(
                Loopback.contexts(BOB, ofBob),
                new RetryTokens(new HalfOpenHandshakes(1, 2)),
                local -> local.handshake(null, AMPLE, accepted));
        loopback.dial(Loopback.contexts(ALICE, ofAlice), address, BOB.peerId(), dialled);
        UpgradedConnection inbound = accepted.connection.get(60, TimeUnit.SECONDS);
        UpgradedConnection outbound = dialled.connection.get(60, TimeUnit.SECONDS);
        bobBudget = ConnectionBudget.unlimited(inbound.channel().eventLoop());
        aliceBudget = ConnectionBudget.unlimited(outbound.channel().eventLoop());
        bob = inbound.channel()
                .eventLoop()
                .submit(() -> inbound.installMuxer(inboundStreams(), bobBudget))
                .get();
        alice = outbound.channel()
                .eventLoop()
                .submit(() -> outbound.installMuxer(inboundStreams(), aliceBudget))
                .get();
    }

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ChannelHandler inboundStreams() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                accepted.incrementAndGet();
                stream.config().setAutoRead(reads);
                stream.pipeline().addLast(new Ignored());
            }

            @Override
            public boolean isSharable() {
                return true;
            }
        };
    }

    /** Handler of a stream that ends it when the remote peer does. */
    private static final class Ignored extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                MuxedStream.of(ctx.channel()).finish();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the stream closes
        }
    }

    private static MuxedStream open(MuxedConnection from) throws Exception {
        return from.openStream(new Ignored()).get(60, TimeUnit.SECONDS);
    }

    private static MuxedStream openAndWrite(MuxedConnection from) throws Exception {
        MuxedStream stream = open(from);
        stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).get(60, TimeUnit.SECONDS);
        return stream;
    }

    @Test
    void streamsBeyondTheCreditOfTheRemotePeerWaitForIt() throws Exception {
        List<MuxedStream> streams = new ArrayList<>();
        for (int count = 0; count < MAX_INBOUND; count++) {
            streams.add(openAndWrite(alice));
        }
        var waiting = alice.openStream(new Ignored());
        await().until(() -> bob.streamCount() == MAX_INBOUND);
        assertThat(waiting.isDone()).isFalse();
        streams.get(0).reset(ErrorCode.NONE);
        assertThat(waiting.get(60, TimeUnit.SECONDS).channel().isActive()).isTrue();
    }

    @Test
    void opensThatWaitHaveALimitOfNumberAndTime() throws Exception {
        for (int count = 0; count < 256; count++) {
            open(bob);
        }
        // In one task, so that the first ones cannot time out before the last one comes
        var waiting = bob.channel()
                .eventLoop()
                .submit(() -> Stream.generate(() -> bob.openStream(new Ignored()))
                        .limit(4)
                        .toList())
                .get(60, TimeUnit.SECONDS);
        assertThatThrownBy(() -> waiting.get(3).get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StreamLimitException.class)
                .hasMessageContaining("limit of 3");
        for (var each : waiting.subList(0, 3)) {
            assertThatThrownBy(() -> each.get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StreamLimitException.class)
                    .hasMessageContaining("timed out");
        }
        assertThat(bob.isOpen()).isTrue();
    }

    @Test
    void aFloodOfStreamsThatAreResetEndsTheConnection() throws Exception {
        for (int count = 0; count <= LIMITS.maxResetsPerMinute() && alice.isOpen(); count++) {
            openAndWrite(alice).reset(ErrorCode.NONE);
        }
        await().atMost(AMPLE).until(() -> !bob.channel().isOpen());
        assertThat(bobBudget.counters().get(LimitId.STREAM_RESETS_PER_MINUTE)).isEqualTo(1);
        await().atMost(AMPLE).until(() -> !alice.channel().isOpen());
        assertThat(alice.endReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("code " + 0x1002));
    }

    @Test
    void aPeerThatDoesNotReadIsDropped() throws Exception {
        reads = false;
        MuxedStream stream = open(alice);
        for (int count = 0; count < 64; count++) {
            stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[512 * 1024]));
        }
        await().atMost(AMPLE).until(() -> !alice.channel().isOpen());
        assertThat(aliceBudget.counters().get(LimitId.WRITE_TIMEOUT)).isEqualTo(1);
        await().atMost(AMPLE)
                .untilAsserted(
                        () -> assertThat(aliceBudget.sendBudget().unsentBytes()).isZero());
    }

    @Test
    void aPeerThatAnswersNothingIsFoundByAProbe() {
        loopback.mute();
        alice.probe();
        await().atMost(AMPLE).until(() -> !alice.channel().isOpen());
        assertThat(aliceBudget.counters().get(LimitId.SILENCE_TIMEOUT)).isEqualTo(1);
    }

    /** Nothing is in flight, and nobody probes: only the idle timeout of 30 s finds it. */
    @Test
    void aConnectionThatReceivesNothingEndsInTime() {
        loopback.mute();
        await().atMost(AMPLE.plusMinutes(1))
                .until(() -> !alice.channel().isOpen() && !bob.channel().isOpen());
        assertThat(alice.endReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("timed out"));
        assertThat(bob.endReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("timed out"));
    }

    @Test
    void aProbeThatCannotBeSentSaysNothing() throws Exception {
        for (int count = 0; count < MAX_INBOUND; count++) {
            openAndWrite(alice);
        }
        await().until(() -> bob.streamCount() == MAX_INBOUND);
        long[] received = {-1};
        await().during(Duration.ofMillis(500))
                .atMost(AMPLE)
                .until(
                        () -> { // so that no acknowledgement is on its way
                            long before = received[0];
                            received[0] = receivedPackets(alice);
                            return received[0] == before;
                        });
        alice.probe();
        await().during(LIMITS.silenceTimeout().plusMillis(500)).atMost(AMPLE).until(alice::isOpen);
        assertThat(aliceBudget.counters().get(LimitId.SILENCE_TIMEOUT)).isZero();
    }

    @Test
    void eachSixteenKibibytesThatLeaveAreProgress() throws Exception {
        connect(withWriteAndSilenceTimeout(AMPLE), LIMITS);
        MuxedStream stream = open(alice);
        ChannelProgressivePromise sent = stream.channel().newProgressivePromise();
        List<Long> progress = new ArrayList<>();
        sent.addListener(new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long bytes, long total) {
                progress.add(bytes);
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                progress.add(128 * 1024L);
            }
        });
        stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[128 * 1024]), sent);
        assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(alice.channel()
                        .eventLoop()
                        .submit(() -> List.copyOf(progress))
                        .get())
                .containsExactly(16384L, 32768L, 49152L, 65536L, 81920L, 98304L, 114688L, 131072L);
    }

    @Test
    void aProbeIsNoUseOfTheConnection() throws Exception {
        connect(withWriteAndSilenceTimeout(Duration.ofSeconds(10)), LIMITS);
        alice.probe();
        await().atMost(AMPLE).until(() -> accepted.get() == 1);
        assertThat(alice.streamCount()).isZero();
        assertThat(alice.channel().eventLoop().submit(alice::openedStreamCount).get())
                .isZero();
        // until bob has given up the stream of the probe
        await().during(LIMITS.silenceTimeout().plusMillis(200)).atMost(AMPLE).until(alice::isOpen);
    }

    private static long receivedPackets(MuxedConnection connection) throws Exception {
        return ((QuicChannel) connection.channel())
                .collectStats()
                .get(60, TimeUnit.SECONDS)
                .recv();
    }

    /**
     * Netty 4.2.18 keeps the channel of each stream without an end of the remote direction until the connection closes. If this fails because it
     * keeps none, the connection need not be replaced any more.
     */
    @Test
    void aConnectionWithManyResetStreamsIsReplaced() throws Exception {
        connect(AMPLE_LIMITS, AMPLE_LIMITS);
        MuxedStream last = openAndWrite(alice); // so that the remote peer knows it, and keeps the connection too
        for (int count = 0; count < QuicConnection.MAX_RETAINED_STREAMS; count++) {
            assertThat(alice.isOpen()).isTrue();
            openAndWrite(alice).reset(ErrorCode.NONE).get(60, TimeUnit.SECONDS);
        }
        await().atMost(AMPLE).until(() -> !alice.isOpen());
        assertThat(alice.endReason()).isEmpty();
        assertThat(keptByNetty(alice)).isGreaterThanOrEqualTo(QuicConnection.MAX_RETAINED_STREAMS);
        assertThat(alice.channel().isOpen()).as("the last stream goes on").isTrue();
        last.channel().close();
        await().atMost(AMPLE).until(() -> !alice.channel().isOpen());
    }

    @Test
    void streamsThatEndWellAreForgotten() throws Exception {
        connect(AMPLE_LIMITS, AMPLE_LIMITS);
        for (int count = 0; count < 50; count++) {
            MuxedStream stream = open(alice);
            stream.writeAndFinish(Unpooled.wrappedBuffer(new byte[1]));
            assertThat(stream.channel().closeFuture().await(60, TimeUnit.SECONDS))
                    .isTrue();
        }
        await().atMost(AMPLE).until(() -> keptByNetty(alice) == 0 && keptByNetty(bob) == 0);
    }

    private static int keptByNetty(MuxedConnection connection) throws Exception {
        Field streams = connection.channel().getClass().getDeclaredField("streams");
        streams.setAccessible(true);
        return connection
                .channel()
                .eventLoop()
                .submit(() -> ((Map<?, ?>) streams.get(connection.channel())).size())
                .get();
    }
}
