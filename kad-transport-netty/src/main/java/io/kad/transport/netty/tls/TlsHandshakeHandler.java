package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.CLOSED;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeHandler;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.RecordTimer;
import io.kad.transport.netty.security.SecuredPeer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
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
public final class TlsHandshakeHandler extends HandshakeHandler<PeerId, TlsException> {

    private final TlsContexts contexts;
    private final @Nullable PeerId expected;
    private @Nullable SslHandler encryption;
    private Optional<String> muxer = Optional.empty();

    private TlsHandshakeHandler(TlsContexts contexts, @Nullable PeerId expected, HandshakeListener listener) {
        super(listener);
        this.contexts = requireNonNull(contexts, "contexts");
        this.expected = expected;
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
                SslHandler handler = requireNonNull(encryption);
                muxer = contexts.muxer(handler);
                startCheck(
                        ctx,
                        () -> contexts.local().authenticate(handler.engine().getSession(), expected, ctx.executor()));
            } catch (TlsException e) {
                fail(ctx, e);
            }
        } else {
            fail(ctx, TlsException.ofHandshake(handshake.cause()));
        }
    }

    @Override
    protected void onChecked(ChannelHandlerContext ctx, Future<PeerId> ended) {
        if (ended.isSuccess()) {
            succeed(ctx, new SecuredPeer(ended.getNow(), muxer));
        } else {
            fail(ctx, TlsException.ofCheck(ended.cause()));
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (isCompleted()) {
            in.skipBytes(in.readableBytes());
        }
        // else: these bytes belong to the next handlers
    }

    @Override
    protected TlsException closed(String message) {
        return new TlsException(CLOSED, message);
    }

    @Override
    protected HandshakeException handshakeException(TlsException cause) {
        SSLSession session = encryption == null ? null : encryption.engine().getSession();
        return contexts.local().failure(cause, session, expected != null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable source = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        fail(ctx, TlsException.ofHandshake(source));
        // Even after the handshake: an installer of the next handlers may have failed
        ctx.close();
    }
}
