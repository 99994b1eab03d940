package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.CLOSED;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.RecordTimer;
import io.kad.transport.netty.security.SecuredPeer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Handler that secures a connection: adds the handler that encrypts, waits for its handshake, authenticates the remote peer, removes itself, and
 * passes the channel on.
 *
 * <p>The caller must limit the bytes and the time. The identity of the remote peer is checked by {@link
 * io.kad.transport.netty.stream.SignatureChecks}, not on the event loop. After any failure the channel is closed.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/tls/tls.md">libp2p TLS handshake</a>
 */
public final class TlsHandshakeHandler extends ByteToMessageDecoder {

    private final TlsContexts contexts;
    private final @Nullable PeerId expected;
    private final HandshakeListener listener;
    private @Nullable SslHandler encryption;
    private @Nullable Future<PeerId> check;
    private boolean completed;

    private TlsHandshakeHandler(TlsContexts contexts, @Nullable PeerId expected, HandshakeListener listener) {
        this.contexts = requireNonNull(contexts, "contexts");
        this.expected = expected;
        this.listener = requireNonNull(listener, "listener");
    }

    /**
     * Creates the handler of the dialer.
     *
     * @param expected the dialled peer; any other is refused
     * @param listener receives the result
     */
    public static TlsHandshakeHandler dialer(TlsContexts contexts, PeerId expected, HandshakeListener listener) {
        return new TlsHandshakeHandler(contexts, requireNonNull(expected, "expected"), listener);
    }

    /**
     * Creates the handler of the listener.
     *
     * @param listener receives the result
     */
    public static TlsHandshakeHandler listener(TlsContexts contexts, HandshakeListener listener) {
        return new TlsHandshakeHandler(contexts, null, listener);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        SslHandler added = contexts.newHandler(ctx.alloc(), expected);
        encryption = added;
        ctx.pipeline().addBefore(ctx.name(), null, new RecordTimer());
        ctx.pipeline().addBefore(ctx.name(), null, added);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            onHandshake(ctx, handshake);
        }
        super.userEventTriggered(ctx, event);
    }

    private void onHandshake(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
            try {
                startCheck(ctx, requireNonNull(encryption));
            } catch (TlsException e) {
                fail(ctx, e);
            }
        } else {
            fail(ctx, TlsException.ofHandshake(handshake.cause()));
        }
    }

    /** Starts to check the remote identity, off the event loop. Nothing is read until then, so that what the remote peer sends next is bounded. */
    private void startCheck(ChannelHandlerContext ctx, SslHandler handler) throws TlsException {
        Optional<String> muxer = contexts.muxer(handler);
        listener.onIdentityCheckStarted();
        boolean autoRead = ctx.channel().config().isAutoRead();
        ctx.channel().config().setAutoRead(false);
        Future<PeerId> started = contexts.local().authenticate(handler.engine().getSession(), expected, ctx.executor());
        check = started;
        started.addListener(ended -> {
            onChecked(ctx, started, muxer);
            ctx.channel().config().setAutoRead(autoRead);
        });
    }

    private void onChecked(ChannelHandlerContext ctx, Future<PeerId> ended, Optional<String> muxer) {
        if (completed) {
            return;
        }
        if (ended.isSuccess()) {
            completed = true;
            listener.onSecured(ctx.channel(), new SecuredPeer(ended.getNow(), muxer));
            if (!ctx.isRemoved()) {
                ctx.pipeline().remove(this);
            }
        } else {
            fail(ctx, TlsException.ofCheck(ended.cause()));
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (completed) {
            in.skipBytes(in.readableBytes());
        }
        // else: these bytes belong to the next handlers
    }

    private void fail(ChannelHandlerContext ctx, TlsException cause) {
        if (!completed) {
            completed = true;
            Future<PeerId> running = check;
            if (running != null) {
                running.cancel(false);
            }
            SSLSession session = encryption == null ? null : encryption.engine().getSession();
            listener.onHandshakeFailed(ctx.channel(), contexts.local().failure(cause, session, expected != null));
            ctx.close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (check == null) {
            super.channelReadComplete(ctx);
        } else {
            ctx.fireChannelReadComplete(); // the base class would read on
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(ctx, new TlsException(CLOSED, "channel closed during the handshake"));
        super.channelInactive(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        fail(ctx, new TlsException(CLOSED, "handler removed during the handshake"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable source = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        fail(ctx, TlsException.ofHandshake(source));
        // Even after the handshake: an installer of the next handlers may have failed
        ctx.close();
    }
}
