package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.CLOSED;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.LIMIT;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.TIMEOUT;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler at the head of a connection that is not upgraded yet: it limits the time and the bytes, and sees to it that the
 * upgrade ends exactly once.
 */
final class UpgradeGuard extends ChannelInboundHandlerAdapter {

    /** The most bytes that a remote may send before it is authenticated. */
    static final int MAX_UNAUTHENTICATED_BYTES = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeGuard.class);

    private final UpgradeListener listener;
    private final Duration timeout;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private int received;
    private boolean authenticated;
    private boolean reported;

    UpgradeGuard(UpgradeListener listener, Duration timeout) {
        this.listener = listener;
        this.timeout = timeout;
    }

    /** Lifts the limit on bytes. */
    void authenticated() {
        authenticated = true;
    }

    /** Reports success. */
    void succeed(SecuredPeer peer) {
        ChannelHandlerContext ctx = context;
        if (!reported && ctx != null) {
            reported = true;
            try {
                listener.onSecured(ctx.channel(), peer);
            } catch (RuntimeException e) {
                LOG.error("The handlers for {} could not be installed; closing the connection", peer.id(), e);
                ctx.close();
            }
        }
    }

    /** Leaves the connection alone: the remote has agreed to everything. */
    void remove() {
        stopTimer();
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Reports failure, unless success was reported before the remote agreed, and closes the connection. */
    void fail(UpgradeException cause) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        stopTimer();
        if (!reported) {
            reported = true;
            listener.onFailed(ctx.channel(), cause);
        }
        ctx.close();
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().isActive()) {
            startTimer(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTimer(ctx);
        ctx.fireChannelActive();
    }

    private void startTimer(ChannelHandlerContext ctx) {
        if (timer == null && !reported) {
            timer = ctx.executor().schedule(this::expire, timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        fail(new UpgradeException(TIMEOUT, "not upgraded within " + timeout, null));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received += ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
        // Only now: one read may hold the end of the handshake and any number of frames behind it
        if (!authenticated && received > MAX_UNAUTHENTICATED_BYTES) {
            fail(new UpgradeException(LIMIT, "too many bytes before authentication", null));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        // A connection that was never established does not become inactive
        closed();
        ctx.fireChannelUnregistered();
    }

    private void closed() {
        fail(new UpgradeException(CLOSED, "the connection closed before it was upgraded", null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (reported) {
            ctx.fireExceptionCaught(cause);
        }
        fail(new UpgradeException(CLOSED, "the connection broke: " + cause.getMessage(), cause));
    }
}
