package io.kad.transport.netty.upgrade;

import static io.kad.transport.netty.upgrade.UpgradeException.Reason.CLOSED;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.INTERNAL;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.LIMIT;
import static io.kad.transport.netty.upgrade.UpgradeException.Reason.TIMEOUT;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.psk.PreSharedKey;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First handler of an upgrade, in front of those of its steps: limits time and bytes, and ensures that the upgrade completes exactly once. In front of
 * it there may be only the counter of the bytes of the socket, the handler of a pre-shared key, and those of WebSocket.
 */
final class UpgradeGuard extends ChannelInboundHandlerAdapter {

    /** Limit of received bytes before the remote peer is authenticated. */
    static final int MAX_UNAUTHENTICATED_BYTES = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeGuard.class);

    /** Why a connection was closed whose success had been reported. */
    static final AttributeKey<UpgradeException> LATE_FAILURE = AttributeKey.valueOf(UpgradeGuard.class, "late-failure");

    private final UpgradeListener listener;
    private final Duration timeout;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private int receivedBytes;
    private boolean byteLimitLifted;
    private boolean completed;
    private boolean failed;

    UpgradeGuard(UpgradeListener listener, Duration timeout) {
        this.listener = listener;
        this.timeout = timeout;
    }

    /** Returns whether the upgrade has a result. */
    boolean isCompleted() {
        return completed;
    }

    /** Tells the listener that both peers have agreed on a security protocol. */
    void securityAgreed(Channel channel) {
        if (!completed) {
            listener.onSecurityAgreed(channel);
        }
    }

    /** Lifts the limit of received bytes: no more are read until the remote peer is authenticated. */
    void liftByteLimit() {
        byteLimitLifted = true;
    }

    /** Completes the upgrade. */
    void succeed(UpgradedConnection connection) {
        ChannelHandlerContext ctx = context;
        if (!completed && ctx != null) {
            completed = true;
            HandshakeByteLimiter bytes = ctx.pipeline().get(HandshakeByteLimiter.class);
            if (bytes != null) {
                ctx.pipeline().remove(bytes);
            }
            try {
                listener.onUpgraded(connection);
            } catch (RuntimeException e) {
                LOG.error("closing connection to {}: cannot install its handlers", connection.peer(), e);
                ctx.close();
            }
        }
    }

    /** Leaves the pipeline; called when the remote peer has agreed to every step. */
    void leavePipeline() {
        stopTimer();
        ChannelHandlerContext ctx = context;
        if (ctx != null && !ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Closes the connection; reports the failure only if success was not reported. */
    void fail(UpgradeException cause) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        stopTimer();
        if (!completed) {
            completed = true;
            failed = true;
            listener.onUpgradeFailed(ctx.channel(), cause);
        } else {
            ctx.channel().attr(LATE_FAILURE).setIfAbsent(cause);
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
        if (timer == null && !completed) {
            timer = ctx.executor().schedule(() -> onTimeout(ctx.channel()), timeout.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void onTimeout(Channel channel) {
        fail(new UpgradeException(
                TIMEOUT,
                "connection upgrade timed out after " + DurationText.of(timeout) + PreSharedKey.suspicion(channel),
                null));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        receivedBytes += ((ByteBuf) message).readableBytes();
        ctx.fireChannelRead(message);
        // After the handlers: one read may contain the end of the handshake and any number of frames after it
        if (!byteLimitLifted && receivedBytes > MAX_UNAUTHENTICATED_BYTES) {
            fail(new UpgradeException(
                    LIMIT,
                    "received bytes before authentication exceed the limit of " + MAX_UNAUTHENTICATED_BYTES,
                    null));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        onClosed();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        // A connection that was never established does not become inactive
        onClosed();
        ctx.fireChannelUnregistered();
    }

    private void onClosed() {
        fail(new UpgradeException(CLOSED, "connection closed during the upgrade", null));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (failed) {
            return; // the connection is being closed, and nobody else needs to know
        }
        if (completed) {
            ctx.fireExceptionCaught(cause);
        }
        Throwable source = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (source instanceof UpgradeException known) {
            fail(known);
            return;
        }
        UpgradeException.Reason reason = source instanceof IOException ? CLOSED : INTERNAL;
        fail(new UpgradeException(reason, "connection failed: " + source.getMessage(), source));
    }
}
