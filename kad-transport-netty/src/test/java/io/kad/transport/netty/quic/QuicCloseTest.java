package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kad.api.Identity;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.ConnectionLostException;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The packet that says that a connection is closed leaves, whatever state the connection is in. */
class QuicCloseTest {

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final int CODE = 0x1234;

    /** Less than the congestion window of a new connection, more than one read. */
    private static final int FLIGHT = 8 * 1024;

    /** Acknowledgements are waited for until they come, however slow the machine is. */
    private static final QuicLimits LIMITS = limits(AMPLE);

    /** More than the congestion window of a new connection, less than the window of a stream. */
    private static final int BYTES = 200 * 1024;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final Installed accepted = new Installed();
    private final Installed dialled = new Installed();

    @AfterEach
    void stop() {
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static QuicLimits limits(Duration closeTimeout) {
        return new QuicLimits(
                QuicLimits.DEFAULTS.maxOutboundStreams(),
                QuicLimits.DEFAULTS.maxInboundStreams(),
                QuicLimits.DEFAULTS.maxQueuedOpens(),
                AMPLE,
                QuicLimits.DEFAULTS.maxQueuedWriteBytes(),
                AMPLE,
                QuicLimits.DEFAULTS.maxResetsPerMinute(),
                AMPLE,
                closeTimeout);
    }

    private void dial(Identity dialer, Identity listener) {
        dial(dialer, LIMITS, listener);
    }

    private void dial(Identity dialer, QuicLimits limits, Identity listener) {
        InetSocketAddress address = loopback.listen(
                Loopback.contexts(listener, LIMITS),
                new RetryTokens(new HalfOpenHandshakes(1, 2)),
                local -> local.handshake(null, AMPLE, accepted));
        loopback.dial(Loopback.contexts(dialer, limits), address, BOB.peerId(), dialled);
    }

    /** Installs the muxer within the upgrade, as a transport does: no event of the connection comes before it. */
    private static final class Installed implements UpgradeListener {

        private final CompletableFuture<MuxedConnection> connection = new CompletableFuture<>();
        private final CompletableFuture<UpgradeException> failure = new CompletableFuture<>();
        private final Accepted streams = new Accepted();

        @Override
        public void onUpgraded(UpgradedConnection upgraded) {
            connection.complete(upgraded.installMuxer(
                    streams, ConnectionBudget.unlimited(upgraded.channel().eventLoop())));
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            failure.complete(cause);
            connection.completeExceptionally(cause);
        }

        MuxedConnection connection() throws Exception {
            return connection.get(60, TimeUnit.SECONDS);
        }

        UpgradeException failure() throws Exception {
            return failure.get(60, TimeUnit.SECONDS);
        }

        /** Returns the next stream that the remote peer has opened. */
        MuxedStream nextStream() throws Exception {
            Channel stream = streams.opened.poll(60, TimeUnit.SECONDS);
            assertThat(stream).isNotNull();
            return MuxedStream.of(stream);
        }
    }

    /** First handler of each inbound stream. */
    @ChannelHandler.Sharable
    private static final class Accepted extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<Channel> opened = new LinkedBlockingQueue<>();

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            opened.add(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // the stream closes
        }
    }

    /** Last handler of a stream: records what it delivers. */
    private static class Delivered extends ChannelInboundHandlerAdapter {

        private final List<Object> events = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            events.add("bytes");
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                events.add("end of input");
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            events.add(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended.complete(null);
        }
    }

    /** Last handler of a stream that wants nothing, and says so after each read. */
    private static final class Paused extends Delivered {
        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(false);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.channel().config().setAutoRead(false);
        }
    }

    /** Handler before the muxer: counts the bytes that arrive. */
    private static final class Arrivals extends ChannelInboundHandlerAdapter {

        private final AtomicInteger bytes = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            bytes.addAndGet(((ByteBuf) message).readableBytes());
            ctx.fireChannelRead(message);
        }
    }

    /** Closes a connection whose congestion window is full, and holds what would make room in it. */
    private void closeWithFullWindow(MuxedConnection closing, Consumer<MuxedConnection> close) throws Exception {
        MuxedStream stream = closing.openStream(new Delivered()).get(60, TimeUnit.SECONDS);
        loopback.hold();
        var written = stream.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
        boolean waits = closing.channel()
                .eventLoop()
                .submit(() -> {
                    close.accept(closing);
                    return closing.channel().isOpen();
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(waits).isTrue();
        assertThat(written.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(written.isSuccess()).as("it did not all fit").isFalse();
    }

    /** Closes the connection of one side, whose congestion window is full; returns why that of the other one has ended. */
    private String reasonAfterFullWindow(boolean byTheDialer, Consumer<MuxedConnection> close) throws Exception {
        dial(ALICE, BOB);
        MuxedConnection outbound = dialled.connection();
        MuxedConnection inbound = accepted.connection();
        MuxedConnection closing = byTheDialer ? outbound : inbound;
        MuxedConnection other = byTheDialer ? inbound : outbound;
        closeWithFullWindow(closing, close);
        loopback.letGo();
        await().atMost(AMPLE).until(() -> other.endReason().isPresent());
        return other.endReason().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseWithAFullCongestionWindowIsHeard(boolean byTheDialer) throws Exception {
        assertThat(reasonAfterFullWindow(byTheDialer, closing -> closing.close(CODE)))
                .isEqualTo("connection closed by the remote peer, code " + CODE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theEndOfATransportIsHeardToo(boolean byTheDialer) throws Exception {
        assertThat(reasonAfterFullWindow(byTheDialer, closing -> {
                    closing.channel().close(); // as the transport closes it
                    closing.channel().close();
                }))
                .isEqualTo("connection closed by the remote peer, transport error 0");
    }

    @Test
    void aRemotePeerThatAcknowledgesNothingDelaysACloseNoLongerThanTheTimeout() throws Exception {
        dial(ALICE, limits(Duration.ofSeconds(1)), BOB);
        MuxedConnection closing = dialled.connection();
        accepted.connection();
        closeWithFullWindow(closing, connection -> connection.close(CODE));
        assertThat(closing.channel().closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(((QuicChannel) closing.channel()).isTimedOut())
                .as("it was idle for %s", QuicLimits.IDLE_TIMEOUT)
                .isFalse();
    }

    @Test
    void aCloseThatWaitsCompletesAtOnceWithTheEndOfItsConnection() throws Exception {
        dial(ALICE, BOB);
        MuxedConnection closing = dialled.connection();
        accepted.connection();
        ChannelPromise closed = closing.channel().newPromise();
        closeWithFullWindow(closing, connection -> connection.channel().close(closed));
        loopback.close();
        assertThat(closing.channel().closeFuture().await(60, TimeUnit.SECONDS)).isTrue();
        for (int task = 0; task < 2; task++) { // the end of the connection has run one, and has left one behind
            closing.channel().eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS);
        }
        assertThat(closed.isDone()).isTrue();
    }

    /** One without a handler, which the application has not seen, has nobody to report the loss to. */
    @Test
    void aStreamThatIsOpenedToAConnectionThatIsBeingClosedEndsSilently() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(DefaultChannelPipeline.class);
        dial(ALICE, BOB);
        MuxedConnection closing = dialled.connection();
        MuxedConnection opening = accepted.connection();
        closeWithFullWindow(closing, connection -> connection.close(CODE));
        Delivered loss = new Delivered();
        MuxedStream opened = opening.openStream(loss).get(60, TimeUnit.SECONDS);
        opened.channel().writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).get(60, TimeUnit.SECONDS);
        opening.channel().eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS); // all has left
        log.start();
        logger.addAppender(log);
        try {
            loopback.letGo();
            loss.ended.get(60, TimeUnit.SECONDS);
            assertThat(closing.channel().closeFuture().await(60, TimeUnit.SECONDS))
                    .isTrue();
            closing.channel().eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(closing.channel()
                        .eventLoop()
                        .submit(closing::openedStreamCount)
                        .get(60, TimeUnit.SECONDS))
                .as("streams that have reached the connection: its own, and the one that was opened to it")
                .isEqualTo(2);
        assertThat(dialled.streams.opened)
                .as("streams that the application sees")
                .isEmpty();
        assertThat(log.list).filteredOn(line -> line.getLevel() == Level.WARN).isEmpty();
    }

    /** Bytes and their end arrive while the connection waits for acknowledgements: one of them without the other would look like a whole stream. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamOfAConnectionThatIsBeingClosedDeliversNothingMore(boolean closedByTheDialer) throws Exception {
        assertDrained(new Delivered(), closedByTheDialer);
    }

    /** A server does not read while it answers. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamWhoseHandlerHasPausedIsDrainedToo(boolean closedByTheDialer) throws Exception {
        assertDrained(new Paused(), closedByTheDialer);
    }

    private void assertDrained(Delivered delivered, boolean closedByTheDialer) throws Exception {
        dial(ALICE, BOB);
        Installed closer = closedByTheDialer ? dialled : accepted;
        Installed other = closedByTheDialer ? accepted : dialled;
        MuxedConnection closing = closer.connection();
        other.connection();
        MuxedStream stream = closing.openStream(delivered).get(60, TimeUnit.SECONDS);
        Arrivals arrivals = new Arrivals();
        stream.channel().pipeline().addFirst(arrivals);
        stream.writeAndFinish(Unpooled.wrappedBuffer(new byte[1])).get(60, TimeUnit.SECONDS);
        MuxedStream sender = other.nextStream();
        closeWithFullWindow(closing, connection -> connection.close(CODE));
        sender.writeAndFinish(Unpooled.wrappedBuffer(new byte[FLIGHT])).get(60, TimeUnit.SECONDS);
        sender.channel().eventLoop().submit(() -> {}).get(60, TimeUnit.SECONDS); // all has left
        loopback.letGo();
        delivered.ended.get(60, TimeUnit.SECONDS);
        assertThat(arrivals.bytes.get()).as("bytes that have arrived").isEqualTo(FLIGHT);
        assertThat(delivered.events)
                .singleElement()
                .isInstanceOfSatisfying(
                        ConnectionLostException.class,
                        lost -> assertThat(lost.code()).isEqualTo(CODE));
    }

    @Test
    void aListenerHearsThatItsCertificateIsRefused() throws Exception {
        dial(ALICE, new TestIdentity(3));
        assertThat(dialled.failure().reason()).isEqualTo(UpgradeException.Reason.WRONG_PEER);
        assertThat(accepted.failure()).hasMessageContaining("closed by the remote peer");
    }

    @Test
    void aDialerHearsThatItsCertificateIsRefused() throws Exception {
        dial(new ForgedIdentity(ALICE, new TestIdentity(3)), BOB);
        MuxedConnection outbound = dialled.connection(); // TLS 1.3 lets the dialer finish first
        assertThat(accepted.failure().reason()).isEqualTo(UpgradeException.Reason.SECURITY);
        await().atMost(AMPLE).until(() -> outbound.endReason().isPresent());
        assertThat(outbound.endReason())
                .hasValueSatisfying(reason -> assertThat(reason).startsWith("connection closed by the remote peer"));
    }
}
