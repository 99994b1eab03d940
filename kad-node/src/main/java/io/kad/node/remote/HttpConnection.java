package io.kad.node.remote;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Connection to an HTTP server for one request, which is never repeated, with a thread of its own. Both have ended when {@link #close} returns: a
 * thread that waits for a socket would hold up the end of the process. Thread-safe.
 */
final class HttpConnection implements AutoCloseable {

    /** Longest first line and longest headers of a response. */
    private static final int MAX_HEAD_BYTES = 1 << 16;

    /** Time that the thread has to end; it needs longer only if nobody reads what the command prints. */
    private static final long CLOSE_SECONDS = 1;

    private final EventLoopGroup eventLoop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("kad-remote", true), NioIoHandler.newFactory());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private HttpConnection() {}

    /** Connects to {@code server}, sends {@code request}, and passes what comes back to {@code response}. */
    static HttpConnection send(
            FullHttpRequest request, InetSocketAddress server, Duration connectTimeout, NodeResponse response) {
        HttpConnection connection = new HttpConnection();
        connection
                .connect(server, connectTimeout, response)
                .addListener((ChannelFuture connected) -> connection.onConnected(connected, request));
        return connection;
    }

    private ChannelFuture connect(InetSocketAddress server, Duration connectTimeout, NodeResponse response) {
        return new Bootstrap()
                .group(eventLoop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, Math.min(connectTimeout.toMillis(), Integer.MAX_VALUE)))
                .option(ChannelOption.TCP_NODELAY, true)
                // A server may refuse a request, and say why, before it has read all of it
                .option(ChannelOption.AUTO_CLOSE, false)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        HttpDecoderConfig limits = new HttpDecoderConfig()
                                .setMaxInitialLineLength(MAX_HEAD_BYTES)
                                .setMaxHeaderSize(MAX_HEAD_BYTES);
                        channel.pipeline()
                                .addLast(
                                        new HttpClientCodec(limits, false, false), new ResponseReader(response, ended));
                    }
                })
                .connect(server);
    }

    private void onConnected(ChannelFuture connected, FullHttpRequest request) {
        if (connected.isSuccess()) {
            connected.channel().writeAndFlush(request).addListener(sent -> {
                // A connection that breaks is told by the reader, behind what it still has to read
                if (!sent.isSuccess() && !(sent.cause() instanceof IOException)) {
                    ended.completeExceptionally(sent.cause());
                }
            });
        } else {
            request.release();
            ended.completeExceptionally(connectFailure(connected.cause()));
        }
    }

    /** Returns the failure of a connection as part of a sentence, without the address that Netty puts into it. */
    private static Throwable connectFailure(Throwable failure) {
        if (failure instanceof ConnectTimeoutException || !(failure instanceof IOException)) {
            return failure;
        }
        Throwable ofSystem = failure.getCause() == null ? failure : failure.getCause();
        String reason = Objects.requireNonNullElse(ofSystem.getMessage(), "no connection");
        ConnectException refused =
                new ConnectException(reason.substring(0, 1).toLowerCase(Locale.ROOT) + reason.substring(1));
        refused.initCause(failure);
        return refused;
    }

    /** Returns a future that is completed at the end of the response, or fails with what has ended it early. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** Ends the connection, even if the response has not ended. */
    @Override
    public void close() {
        ended.cancel(false);
        eventLoop
                .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
