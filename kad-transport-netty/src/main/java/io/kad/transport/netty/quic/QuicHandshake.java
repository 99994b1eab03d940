package io.kad.transport.netty.quic;

import static io.kad.transport.netty.tls.TlsException.Reason.CLOSED;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.tls.TlsException;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.tls.TlsSecurity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handler of a connection whose handshake has begun: authenticates the remote peer, limits the time until then, removes itself, and passes the
 * channel on. No stream is read before that.
 */
final class QuicHandshake extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(QuicHandshake.class);

    private final TlsIdentity local;
    private final Map<SSLEngine, TlsException> refusals;
    private final @Nullable PeerId expected;
    private final Duration timeout;
    private final QuicMuxer muxer;
    private final UpgradeListener listener;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private @Nullable Future<PeerId> check;
    private @Nullable String closeReason;
    private boolean completed;

    /**
     * Creates the handler.
     *
     * @param refusals why the certificates in handshakes of engines were refused
     * @param expected the dialled peer; null for the listener
     * @param timeout limit from the first packet to the authentication
     * @param muxer muxer of the result
     * @param listener receives the result
     */
    QuicHandshake(
            TlsIdentity local,
            Map<SSLEngine, TlsException> refusals,
            @Nullable PeerId expected,
            Duration timeout,
            QuicMuxer muxer,
            UpgradeListener listener) {
        this.local = local;
        this.refusals = refusals;
        this.expected = expected;
        this.timeout = timeout;
        this.muxer = muxer;
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.pipeline().addFirst(new DeferredClose());
        if (completed) {
            ctx.close(); // cancelled before
            return;
        }
        timer = ctx.executor()
                .schedule(
                        () -> fail(new UpgradeException(
                                UpgradeException.Reason.TIMEOUT,
                                "handshake timed out after " + DurationText.of(timeout),
                                null)),
                        timeout.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        try {
            Future<PeerId> started = local.authenticate(engine(ctx).getSession(), expected, ctx.executor());
            check = started;
            started.addListener(ended -> onChecked(ctx, started));
        } catch (TlsException e) {
            fail(e);
        }
        ctx.fireChannelActive();
    }

    private static SSLEngine engine(ChannelHandlerContext ctx) {
        return requireNonNull(((QuicChannel) ctx.channel()).sslEngine());
    }

    private void onChecked(ChannelHandlerContext ctx, Future<PeerId> ended) {
        if (completed) {
            return;
        }
        if (ended.isSuccess()) {
            complete();
            ctx.pipeline().remove(this);
            upgraded(ctx.channel(), ended.getNow());
        } else {
            fail(TlsException.ofCheck(ended.cause()));
        }
    }

    private void upgraded(Channel channel, PeerId peer) {
        try {
            listener.onUpgraded(new UpgradedConnection(channel, expected != null, peer, TlsSecurity.NAME, muxer));
        } catch (RuntimeException e) {
            LOG.error("closing connection to {}: cannot install its handlers", peer, e);
            channel.close();
        }
    }

    private void complete() {
        completed = true;
        Future<?> scheduled = timer;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        Future<PeerId> running = check;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void fail(TlsException cause) {
        ChannelHandlerContext ctx = context;
        SSLEngine engine = ctx == null ? null : ((QuicChannel) ctx.channel()).sslEngine();
        SSLSession session = engine == null ? null : engine.getSession();
        fail(UpgradeException.of(local.failure(cause, session, expected != null)));
    }

    /** Fails the handshake and closes the channel; has no effect after a result. */
    private void fail(UpgradeException cause) {
        ChannelHandlerContext ctx = context;
        if (!completed && ctx != null) {
            complete();
            listener.onUpgradeFailed(ctx.channel(), cause);
            ctx.close();
        }
    }

    /** Returns whether the remote peer has responded, although perhaps to refuse. */
    boolean hasResponded() {
        return check != null || closeReason != null;
    }

    /** Closes the channel without a result. */
    void cancel() {
        ChannelHandlerContext ctx = context;
        if (!completed) {
            complete();
            if (ctx != null) {
                ctx.close();
            }
        }
    }

    /** Fails the handshake because of {@code cause}, unless the certificate of the remote peer was refused before. */
    void failed(Throwable cause) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        SSLEngine engine = ((QuicChannel) ctx.channel()).sslEngine();
        TlsException refusal = engine == null ? null : refusals.get(engine);
        if (refusal != null) {
            fail(refusal);
        } else if (closeReason != null) {
            fail(new TlsException(CLOSED, "handshake failed: " + closeReason, cause));
        } else {
            fail(TlsException.ofHandshake(cause));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicConnectionCloseEvent close) {
            closeReason = QuicConnection.reason(close);
            failed(new IOException("connection closed during the handshake")); // the channel closes some seconds later
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(cause);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        failed(new IOException("connection closed during the handshake"));
        ctx.fireChannelInactive();
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
        // A connection that was never established does not become inactive
        failed(new IOException("connection closed during the handshake"));
        ctx.fireChannelUnregistered();
    }
}
