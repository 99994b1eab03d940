package io.kad.transport.netty.ws;

import io.kad.api.id.Quoting;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;

/** Handshake of a dialer: sends a request, checks the response, and is replaced by the {@link WebSocketFrames}. */
final class DialerHandshake extends ChannelInboundHandlerAdapter {

    private final Handshaker handshaker;
    private final Runnable ready;
    private boolean sent;
    private boolean ended;

    /** Creates the handshake of one connection. */
    DialerHandshake(URI uri, Runnable ready) {
        this.handshaker = new Handshaker(uri);
        this.ready = ready;
    }

    /** Handshake of Netty with the reader of frames of this package. */
    private static final class Handshaker extends WebSocketClientHandshaker13 {

        Handshaker(URI uri) {
            super(
                    uri,
                    WebSocketVersion.V13,
                    null,
                    false,
                    EmptyHttpHeaders.INSTANCE,
                    WebSocketLimits.MAX_MESSAGE_BYTES,
                    true,
                    false,
                    0);
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return new FrameReader(false);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            send(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.fireChannelActive();
        send(ctx);
    }

    /** Says why TLS has failed, of which the engine tells in the causes of causes. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            Throwable cause = handshake.cause();
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            ctx.fireExceptionCaught(new UpgradeException(
                    UpgradeException.Reason.NEGOTIATION,
                    "TLS with " + handshaker.uri().getHost() + " has failed, such as for its certificate: "
                            + cause.getMessage(),
                    cause));
        }
        ctx.fireUserEventTriggered(event);
    }

    private void send(ChannelHandlerContext ctx) {
        if (!sent) {
            sent = true;
            handshaker.handshake(ctx.channel());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (!ended && message instanceof HttpResponse response) {
                ended = true;
                onResponse(ctx, response);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onResponse(ChannelHandlerContext ctx, HttpResponse response) {
        ctx.pipeline().addAfter(ctx.name(), null, new WebSocketFrames());
        try {
            if (response.decoderResult().isFailure()) {
                throw new WebSocketHandshakeException(
                        "malformed: " + response.decoderResult().cause().getMessage());
            }
            handshaker.finishHandshake(
                    ctx.channel(),
                    new DefaultFullHttpResponse(
                            response.protocolVersion(),
                            response.status(),
                            Unpooled.EMPTY_BUFFER,
                            response.headers(),
                            EmptyHttpHeaders.INSTANCE));
        } catch (WebSocketHandshakeException e) {
            ctx.fireExceptionCaught(new UpgradeException(
                    UpgradeException.Reason.NEGOTIATION,
                    "WebSocket: the listener responded " + response.status().code() + ": "
                            + Quoting.text(String.valueOf(e.getMessage())),
                    e));
            return;
        }
        ctx.pipeline().remove(this);
        ready.run();
    }
}
