package io.kad.node.remote;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reader of the response to the only request of a connection. Confined to its event loop. */
final class ResponseReader extends SimpleChannelInboundHandler<HttpObject> {

    private final NodeResponse response;
    private final CompletableFuture<Void> ended;
    private @Nullable LineSplitter lines;

    /** Creates a reader that passes lines to {@code response}, and completes {@code ended} behind the last one. */
    ResponseReader(NodeResponse response, CompletableFuture<Void> ended) {
        this.response = response;
        this.ended = ended;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) throws IOException {
        if (ended.isDone()) {
            return;
        }
        if (part.decoderResult().isFailure()) {
            throw malformed(part.decoderResult().cause());
        }
        // One of 1xx comes before the response
        if (part instanceof HttpResponse head && head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            lines = response.begin(
                    head.status().code(), Optional.ofNullable(head.headers().get(HttpHeaderNames.CONTENT_TYPE)));
        }
        if (part instanceof HttpContent body && lines != null) {
            read(lines, body);
        }
    }

    private void read(LineSplitter to, HttpContent body) throws UnusableResponse {
        to.take(body.content().nioBuffer());
        if (body instanceof LastHttpContent) {
            to.end();
            ended.complete(null);
        }
    }

    private static IOException malformed(Throwable cause) {
        if (cause instanceof PrematureChannelClosureException) {
            return new EOFException("it ended within its head");
        }
        ProtocolException failure = new ProtocolException(cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ended.completeExceptionally(cause);
        var unused = ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ended.completeExceptionally(new EOFException("it sent nothing"));
    }
}
