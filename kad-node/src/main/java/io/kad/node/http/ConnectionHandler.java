package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connection of a client: reads a request, lets it be served, and reads the next one when the answer has left. While one is served, at most what
 * one read of the socket has brought waits; without that the socket is read, as a lost connection is seen only by reading.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which ends the exchange
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final HttpService service;
    private final Queue<Object> received = new ArrayDeque<>();
    private State state = State.HEAD;
    private @Nullable ScheduledFuture<?> timer;
    private RequestHead.@Nullable Accepted accepted;
    private @Nullable Response refusal;
    private @Nullable RequestBody body;
    private Exchange.@Nullable Form form;
    private @Nullable Exchange exchange;

    private enum State {
        /** A request is expected. */
        HEAD,
        /** The head is here, the body is not. */
        BODY,
        /** The answer is not complete. */
        SERVING,
        /** The connection ends; whatever is received is ignored. */
        ENDING
    }

    ConnectionHandler(HttpService service) {
        this.service = service;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        startTimer(ctx, service.limits().requestTimeout());
        ctx.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.ENDING;
        stopTimer();
        releaseBody();
        received.forEach(ReferenceCountUtil::release);
        received.clear();
        Exchange running = exchange;
        if (running != null) {
            running.abort();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received.add(message);
        drain(ctx);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (received.isEmpty()) {
            ctx.read();
        }
    }

    /** Handles what was received, until a request is complete. */
    private void drain(ChannelHandlerContext ctx) {
        while (state != State.SERVING && !received.isEmpty()) {
            Object message = received.remove();
            try {
                handle(ctx, message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
    }

    private void handle(ChannelHandlerContext ctx, Object message) {
        try {
            if (state == State.HEAD && message instanceof HttpRequest request) {
                begin(ctx, request);
            }
            if (state == State.BODY && message instanceof HttpContent content) {
                receive(ctx, content);
            }
        } catch (HttpException refused) {
            refuse(ctx, refused.response(), Map.of());
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest request) throws HttpException {
        RequestHead.checkReadable(request);
        RequestTarget target = RequestTarget.parse(request.uri());
        Map<String, String> headers = service.head().commonHeaders(target);
        boolean hasBody = RequestHead.hasBody(request);
        accepted = null;
        refusal = null;
        try {
            String host = service.head().checkHost(request, target);
            if (request.method().name().equals("OPTIONS")) {
                refusal = service.head().options(target);
            } else {
                accepted = service.head().check(request, target, host);
                body = new RequestBody(accepted.match().route().body().maxBytes(), service.bodyBudget());
            }
        } catch (HttpException refused) {
            refusal = refused.response();
        }
        Response refused = refusal;
        if (refused != null && hasBody) {
            refuse(ctx, refused, headers);
            return;
        }
        form = new Exchange.Form(
                HttpUtil.isKeepAlive(request),
                request.method().name().equals("HEAD"),
                request.protocolVersion().equals(HttpVersion.HTTP_1_1),
                headers);
        state = State.BODY;
        startTimer(ctx, service.limits().requestTimeout());
        if (hasBody && HttpUtil.is100ContinueExpected(request)) {
            ctx.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
    }

    private void receive(ChannelHandlerContext ctx, HttpContent content) throws HttpException {
        if (content.decoderResult().isFailure()) {
            throw new HttpException(HttpError.BAD_REQUEST, "malformed body: expected HTTP/1.1");
        }
        RequestBody receiving = body;
        if (receiving != null) {
            receiving.add(content.content());
        }
        if (content instanceof LastHttpContent) {
            serve(ctx);
        }
    }

    private void serve(ChannelHandlerContext ctx) {
        stopTimer();
        state = State.SERVING;
        Exchange.Form answer = Objects.requireNonNull(form, "form");
        Exchange started = new Exchange(ctx.channel(), answer, service.limits().streamBytes());
        exchange = started;
        RequestHead.Accepted request = accepted;
        Response refused = refusal;
        if (refused != null || request == null) {
            started.onEnd(() -> ctx.executor().execute(() -> ended(ctx)));
            started.send(refused == null ? Response.empty(500) : refused);
            return;
        }
        Bytes content = body == null ? Bytes.EMPTY : body.content();
        started.onEnd(() -> ctx.executor().execute(() -> ended(ctx)));
        service.serve(
                request.match().route(),
                new Request(
                        request.method(),
                        request.target().path(),
                        request.match().parameters(),
                        request.target().query(),
                        request.headers(),
                        content,
                        request.mediaType()),
                started);
    }

    /** Goes on after an answer has left. */
    private void ended(ChannelHandlerContext ctx) {
        exchange = null;
        releaseBody();
        if (state != State.SERVING || !ctx.channel().isActive()) {
            return;
        }
        state = State.HEAD;
        startTimer(ctx, service.limits().idleTimeout());
        drain(ctx);
        channelReadComplete(ctx);
    }

    /** Sends a refusal, and ends the connection: where the request ends is not known, or not worth to wait for. */
    private void refuse(ChannelHandlerContext ctx, Response response, Map<String, String> headers) {
        state = State.ENDING;
        releaseBody();
        // A close with unread bytes would reset the connection before the client has read the refusal
        startTimer(ctx, LINGER);
        Exchange.Form last = new Exchange.Form(true, false, true, headers);
        Exchange ending = new Exchange(ctx.channel(), last, service.limits().streamBytes());
        ending.onEnd(() -> ctx.executor().execute(() -> {
            if (ctx.channel() instanceof DuplexChannel channel && channel.isActive()) {
                channel.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        }));
        ending.send(response.with("Connection", "close"));
    }

    private void releaseBody() {
        RequestBody receiving = body;
        if (receiving != null) {
            receiving.release();
            body = null;
        }
    }

    private void startTimer(ChannelHandlerContext ctx, Duration time) {
        stopTimer();
        timer = ctx.executor().schedule(() -> timeOut(ctx), time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    private void timeOut(ChannelHandlerContext ctx) {
        if (state == State.BODY) {
            refuse(
                    ctx,
                    new HttpException(HttpError.REQUEST_TIMEOUT, "the request was not complete in time").response(),
                    Map.of());
        } else {
            ctx.close();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ChannelOutboundBuffer unsent = ctx.channel().unsafe().outboundBuffer();
        if (event instanceof IdleStateEvent && unsent != null && unsent.totalPendingWriteBytes() > 0) {
            LOG.debug(
                    "client {} reads nothing; closing its connection",
                    ctx.channel().remoteAddress());
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        LOG.debug("connection of {} failed: {}", ctx.channel().remoteAddress(), failure.toString());
        ctx.close();
    }
}
