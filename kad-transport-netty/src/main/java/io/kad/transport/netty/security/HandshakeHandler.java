package io.kad.transport.netty.security;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Handler of a handshake, which ends once: the remote peer is authenticated, or the handshake fails and the channel is closed. The identity of the
 * remote peer is checked off the event loop; nothing is read meanwhile, so that what the remote peer sends next is bounded.
 *
 * @param <T> result of the check of the identity
 * @param <E> failure of the security protocol
 */
public abstract class HandshakeHandler<T, E extends Exception> extends ByteToMessageDecoder {

    private final HandshakeListener listener;
    private @Nullable Future<T> check;
    private boolean completed;

    /**
     * Creates a handler.
     *
     * @param listener receives the result
     */
    protected HandshakeHandler(HandshakeListener listener) {
        this.listener = requireNonNull(listener, "listener");
    }

    /** Called on the event loop with the ended check, unless the handshake has ended before. */
    protected abstract void onChecked(ChannelHandlerContext ctx, Future<T> ended);

    /** Returns the failure of a handshake whose channel was closed, or whose handler was removed. */
    protected abstract E closed(String message);

    /** Returns {@code cause} as the failure of any security protocol. */
    protected abstract HandshakeException handshakeException(E cause);

    /** Returns whether the handshake has ended. */
    protected final boolean isCompleted() {
        return completed;
    }

    /** Returns whether the check of the identity was started. */
    protected final boolean isCheckStarted() {
        return check != null;
    }

    /**
     * Starts the check of the identity. If {@code start} throws, nothing more is read.
     *
     * @param start starts a check that ends on the event loop
     */
    protected final void startCheck(ChannelHandlerContext ctx, Check<T, E> start) throws E {
        listener.onIdentityCheckStarted();
        boolean autoRead = ctx.channel().config().isAutoRead();
        ctx.channel().config().setAutoRead(false);
        Future<T> started = start.start();
        check = started;
        started.addListener(ended -> {
            if (!completed) {
                onChecked(ctx, started);
            }
            ctx.channel().config().setAutoRead(autoRead);
        });
    }

    /** Start of a check. */
    protected interface Check<T, E extends Exception> {

        /** Starts the check; throws the failure of a check that cannot be started. */
        Future<T> start() throws E;
    }

    /** Ends the handshake with an authenticated peer, and removes this handler. */
    protected final void succeed(ChannelHandlerContext ctx, SecuredPeer peer) {
        completed = true;
        listener.onSecured(ctx.channel(), peer);
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    /** Ends the handshake with a failure, unless it has ended; then closes the channel. */
    protected final void fail(ChannelHandlerContext ctx, E cause) {
        if (!completed) {
            completed = true;
            Future<T> running = check;
            if (running != null) {
                running.cancel(false);
            }
            listener.onHandshakeFailed(ctx.channel(), handshakeException(cause));
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
        fail(ctx, closed("channel closed during the handshake"));
        super.channelInactive(ctx);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        fail(ctx, closed("handler removed during the handshake"));
    }
}
