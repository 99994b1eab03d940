package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
import io.netty.buffer.ByteBuf;
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
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The handler that multiplexes streams over the secured connection in whose pipeline it sits, as its last handler.
 *
 * <p>It answers pings at once, and at most the limits bound what a peer can make it hold. A peer that breaks the
 * protocol is told so, and the connection is closed. So is it when the peer says goodbye, whatever its reason: no
 * implementation lets streams run on after that. A pong that nobody asked for is ignored; frames of streams that are
 * gone are normal and are dropped. Closing the connection's channel says goodbye to the peer first.
 *
 * <p>When the connection ends, each stream gets a {@link YamuxConnectionException} in {@code exceptionCaught} and
 * becomes inactive.
 *
 * <p>The connection must keep its {@code autoRead}: back-pressure belongs to the streams, and some peers drop a
 * connection that is not read for ten seconds.
 *
 * <p>Specification: {@code /yamux/1.0.0}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the caller of close() holds the promise
public final class YamuxHandler extends ChannelDuplexHandler {

    private final boolean initiator;
    private final YamuxLimits limits;
    private final ChannelHandler inboundStreams;

    private volatile @Nullable YamuxSession session;
    private volatile @Nullable EventExecutor executor;

    /**
     * Makes a handler for one connection.
     *
     * @param initiator whether this side dialled the connection
     * @param limits the bounds of the connection
     * @param inboundStreams the first handler of each stream that the peer opens, usually a {@code ChannelInitializer};
     *     it must be sharable
     */
    public YamuxHandler(boolean initiator, YamuxLimits limits, ChannelHandler inboundStreams) {
        this.initiator = initiator;
        this.limits = Objects.requireNonNull(limits);
        this.inboundStreams = Objects.requireNonNull(inboundStreams);
    }

    /**
     * Opens a stream; any thread may call it, once the handler is in the pipeline of a registered channel.
     *
     * <p>The peer hears of the stream with its first bytes, or when {@link YamuxStreamChannel#announce()} is called.
     * Beyond the limits on streams the open waits.
     *
     * @param initializer the first handler of the stream; it is in place before the future completes
     * @return the stream; it fails with a {@link YamuxStreamException} if too many opens wait already or there was no
     *     place in time, and with a {@link YamuxConnectionException} if the connection has ended
     */
    public Future<YamuxStreamChannel> openStream(ChannelHandler initializer) {
        Objects.requireNonNull(initializer);
        YamuxSession target = session();
        EventExecutor loop = executor();
        Promise<YamuxStreamChannel> promise = loop.newPromise();
        onLoop(loop, promise, () -> target.open(initializer, promise));
        return promise;
    }

    /**
     * Measures the round trip to the peer; any thread may call it.
     *
     * <p>At most one ping is under way: a call while one is shares its result.
     *
     * @return the round-trip time; it fails if there was no pong in time, or the connection has ended
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

    /** Returns the number of open streams in both directions; any thread may call it. */
    public int streamCount() {
        return session().streamCount();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        executor = ctx.executor();
        session = new YamuxSession(ctx, initiator, limits, inboundStreams);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        session().connectionLost();
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
        session().connectionLost();
        ctx.fireChannelInactive();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        session().goAway();
        ctx.close(promise);
    }

    private YamuxSession session() {
        YamuxSession current = session;
        if (current == null) {
            throw new IllegalStateException("not yet in a pipeline");
        }
        return current;
    }

    private EventExecutor executor() {
        return Objects.requireNonNull(executor);
    }

    private static void onLoop(EventExecutor loop, Promise<?> promise, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            promise.tryFailure(YamuxConnectionException.closed("the event loop is shut down"));
        }
    }
}
