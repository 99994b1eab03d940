package io.kad.transport.netty.ws;

import io.kad.transport.netty.tcp.HandshakeProgress;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Handshake of a listener: reads one request, answers it, and is replaced by the {@link WebSocketFrames}. Any path is accepted, and any origin, as
 * a peer is authenticated by libp2p and nothing is granted to a page for the user who has opened it.
 */
final class ListenerHandshake extends ChannelInboundHandlerAdapter {

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final HandshakeProgress progress;
    private @Nullable HttpRequest request;
    private boolean failed;

    /** Creates the handshake of one connection. */
    ListenerHandshake(HandshakeProgress progress) {
        this.progress = progress;
    }

    /** Handshake of Netty with the reader of frames of this package. */
    private static final class Handshaker extends WebSocketServerHandshaker13 {

        Handshaker() {
            super(null, null, WebSocketDecoderConfig.newBuilder().build());
        }

        @Override
        protected WebSocketFrameDecoder newWebsocketDecoder() {
            return new FrameReader(true);
        }

        @Override
        protected WebSocket13FrameEncoder newWebSocketEncoder() {
            return new WebSocket13FrameEncoder(false);
        }
    }

    /** Reason for which a request is refused. */
    private record Refusal(HttpResponseStatus status, UpgradeException.Reason kind, String reason) {

        Refusal(HttpResponseStatus status, String reason) {
            this(status, UpgradeException.Reason.NEGOTIATION, reason);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            progress.onAdvanced();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (failed
                    || !ctx.channel().isActive()) { // the codec takes the end of a connection for a malformed request
                return;
            }
            if (message instanceof HttpRequest received) {
                onRequest(ctx, received);
            } else if (message instanceof HttpContent content
                    && content.content().isReadable()) {
                refuse(ctx, new Refusal(HttpResponseStatus.BAD_REQUEST, "a request with a body"));
            } else if (message instanceof LastHttpContent && request != null) {
                accept(ctx, request);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void onRequest(ChannelHandlerContext ctx, HttpRequest received) {
        Optional<Refusal> refusal = refusal(received);
        if (refusal.isPresent()) {
            refuse(ctx, refusal.get());
        } else {
            request = received;
        }
    }

    private static Optional<Refusal> refusal(HttpRequest request) {
        HttpHeaders headers = request.headers();
        Throwable malformed = request.decoderResult().cause();
        if (malformed instanceof TooLongFrameException) {
            return Optional.of(new Refusal(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    UpgradeException.Reason.LIMIT,
                    "a request that is too long: " + malformed.getMessage()));
        } else if (malformed != null) {
            return bad("a malformed request: " + malformed.getMessage());
        } else if (!request.method().equals(HttpMethod.GET)) {
            return Optional.of(
                    new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "a request of another method than GET"));
        } else if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                || headers.getAll(HttpHeaderNames.HOST).size() != 1) {
            return bad("a request that is not HTTP/1.1 with one Host");
        } else if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.isContentLengthSet(request)) {
            return bad("a request with a body");
        } else if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
                || !headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                || !VERSION.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
            return Optional.of(new Refusal(
                    HttpResponseStatus.UPGRADE_REQUIRED, "a request without the handshake of WebSocket 13"));
        } else if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
            return bad("a key that is not 16 bytes in base64");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> bad(String reason) {
        return Optional.of(new Refusal(HttpResponseStatus.BAD_REQUEST, reason));
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key.strip()).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
        failed = true;
        DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, 0)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
            response.headers()
                    .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
                    .set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
        }
        ctx.writeAndFlush(response);
        ctx.fireExceptionCaught(new UpgradeException(refusal.kind(), "WebSocket: received " + refusal.reason(), null));
    }

    private void accept(ChannelHandlerContext ctx, HttpRequest accepted) {
        ctx.pipeline().addAfter(ctx.name(), null, new WebSocketFrames());
        new Handshaker()
                .handshake(
                        ctx.channel(),
                        new DefaultFullHttpRequest(
                                accepted.protocolVersion(),
                                accepted.method(),
                                accepted.uri(),
                                Unpooled.EMPTY_BUFFER,
                                accepted.headers(),
                                EmptyHttpHeaders.INSTANCE));
        ctx.pipeline().remove(this);
        progress.onAdvanced();
        progress.onReady();
    }
}
