package io.kad.transport.netty.yamux;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.muxer.ConnectionLostException;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.MuxerException;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handler that multiplexes streams over a secured connection; must be added after all handlers that decrypt the connection. Handlers after
 * it receive no bytes of the connection.
 *
 * <p>It responds to pings immediately, and limits bound what a peer can make it buffer. A protocol violation is
 * reported to the remote peer by a go-away frame, and closes the connection. A go-away frame of the remote peer closes
 * it as well, whatever its reason: no implementation continues streams after that. Unexpected pongs and frames of
 * closed streams are normal and ignored. Closing the channel of the connection sends a go-away frame first.
 *
 * <p>When the connection ends, each stream gets a {@link ConnectionLostException} in {@code exceptionCaught} and
 * becomes inactive.
 *
 * <p>The connection must keep {@code autoRead}: back-pressure belongs to the streams, and some peers drop a connection
 * that is not read for ten seconds.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md">libp2p Yamux</a>
 */
@SuppressWarnings("FutureReturnValueIgnored") // the caller of close() has the promise
public final class YamuxHandler extends ChannelDuplexHandler implements MuxedConnection {

    private final boolean initiator;
    private final YamuxLimits limits;
    private final ChannelHandler inboundInitializer;
    private final @Nullable ConnectionBudget budget;

    private volatile @Nullable YamuxSession session;
    private volatile @Nullable EventExecutor executor;
    private volatile @Nullable Channel channel;

    /**
     * Creates a handler for one connection.
     *
     * @param initiator whether the local peer dialled the connection
     * @param limits limits of the connection
     * @param inboundInitializer first handler of each inbound stream, usually a {@code ChannelInitializer}; must be
     *     sharable
     */
    public YamuxHandler(boolean initiator, YamuxLimits limits, ChannelHandler inboundInitializer) {
        this(initiator, limits, inboundInitializer, null);
    }

    /**
     * Creates a handler for one connection, as the other constructor does.
     *
     * @param budget what the connection may hold; null for no limit beyond {@code limits}
     */
    public YamuxHandler(
            boolean initiator,
            YamuxLimits limits,
            ChannelHandler inboundInitializer,
            @Nullable ConnectionBudget budget) {
        this.budget = budget;
        this.initiator = initiator;
        this.limits = Objects.requireNonNull(limits);
        this.inboundInitializer = Objects.requireNonNull(inboundInitializer);
    }

    /**
     * {@inheritDoc}
     *
     * <p>This handler must be in the pipeline of a registered channel. The stream is opened towards the remote peer with its first bytes, or by {@link
     * YamuxStreamChannel#announce()}.
     */
    @Override
    public Future<MuxedStream> openStream(ChannelHandler initializer) {
        Objects.requireNonNull(initializer);
        YamuxSession target = session();
        EventExecutor loop = executor();
        Promise<MuxedStream> promise = loop.newPromise();
        onLoop(loop, promise, () -> target.open(initializer, promise));
        return promise;
    }

    /**
     * Measures the RTT of the connection. May be called from any thread.
     *
     * <p>At most one ping is in flight; concurrent calls share its result.
     *
     * @return the RTT; fails if there was no pong in time, or the connection has ended
     */
    public Future<Duration> ping() {
        YamuxSession target = session();
        EventExecutor loop = executor();
        if (loop.inEventLoop()) {
            return target.ping();
        }
        Promise<Duration> promise = loop.newPromise();
        onLoop(loop, promise, () -> target.ping().addListener(new PromiseNotifier<>(promise)));
        return promise;
    }

    /** Called when the connection has received bytes, on its event loop; so that a peer that sends slowly does not count as silent. */
    public void onReceived() {
        session().onReceived();
    }

    @Override
    public boolean isOpen() {
        YamuxSession current = session;
        return current != null && !current.isTerminated();
    }

    @Override
    public Optional<String> endReason() {
        MuxerException failure = session().failure();
        return failure == null ? Optional.empty() : Optional.ofNullable(failure.getMessage());
    }

    /**
     * Tests whether the remote peer is there: sends a ping, and closes the connection unless any byte arrives within the ping timeout, or the
     * peer takes data that fills the socket. While a ping is in flight, another one follows unless it is answered.
     */
    @Override
    public void probe() {
        YamuxSession target = session();
        EventLoops.runOn(executor(), target::probe, rejected -> {});
    }

    @Override
    public int streamCount() {
        return session().streamCount();
    }

    @Override
    public long openedStreamCount() {
        return session().openedStreamCount();
    }

    @Override
    public boolean hasReceivedStreamFrame() {
        return session().hasReceivedStreamFrame();
    }

    @Override
    public Channel channel() {
        return Objects.requireNonNull(channel, "the handler must be in a pipeline first");
    }

    /** Closes the connection after a go-away frame with {@code code}. */
    @Override
    public Future<Void> close(long code) {
        ErrorCode.check(code);
        YamuxSession target = session();
        return EventLoops.close(channel(), () -> {
            target.goAway(code);
            channel().close();
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        executor = ctx.executor();
        channel = ctx.channel();
        ConnectionBudget limited = budget;
        session = new YamuxSession(
                ctx,
                initiator,
                limits,
                inboundInitializer,
                limited == null ? ConnectionBudget.unlimited(ctx.executor()) : limited);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        session().connectionLost("connection lost");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf in) {
            try {
                session().read(in);
            } finally {
                in.release();
            }
        } else {
            ctx.fireChannelRead(msg);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        session().readComplete();
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        session().writabilityChanged();
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        session().connectionLost("connection lost");
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        session().connectionLost("connection lost: " + cause.getMessage());
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        session().goAway(YamuxConnectionException.CODE_NORMAL);
        ctx.close(promise);
    }

    private YamuxSession session() {
        YamuxSession current = session;
        if (current == null) {
            throw new IllegalStateException("the handler must be in a pipeline first");
        }
        return current;
    }

    private EventExecutor executor() {
        return Objects.requireNonNull(executor);
    }

    private static void onLoop(EventExecutor loop, Promise<?> promise, Runnable task) {
        EventLoops.runOn(
                loop,
                task,
                rejected -> promise.tryFailure(YamuxConnectionException.closed("the event loop is shut down")));
    }
}
