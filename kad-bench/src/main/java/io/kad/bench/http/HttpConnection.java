package io.kad.bench.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection in a closed loop: one request at a time, the next one as soon as the response has ended, until the run is over. Connects again
 * after the server has closed it. Confined to an event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails ends the channel, which is counted
final class HttpConnection {

    /** Pause after a failure, so that a server that refuses is not asked as fast as this machine can. */
    private static final long PAUSE_MILLIS = 10;

    private final HttpPlan plan;
    private final Bootstrap bootstrap;
    private final EventLoop loop;
    private final BooleanSupplier over;
    private final HttpMeasurement measurement;
    private final CountDownLatch running;

    /**
     * Creates a connection.
     *
     * @param bootstrap has the address of the server
     * @param over whether no further request is to be sent
     * @param running counted down when the last request has ended
     */
    HttpConnection(
            HttpPlan plan,
            Bootstrap bootstrap,
            EventLoop loop,
            BooleanSupplier over,
            HttpMeasurement measurement,
            CountDownLatch running) {
        this.plan = plan;
        this.bootstrap = bootstrap.clone(loop);
        this.loop = loop;
        this.over = over;
        this.measurement = measurement;
        this.running = running;
    }

    void connect() {
        if (over.getAsBoolean()) {
            running.countDown();
            return;
        }
        ChannelFuture connected = bootstrap
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), new Exchanges());
                    }
                })
                .connect();
        connected.addListener(result -> {
            if (!result.isSuccess()) {
                measurement.requests().failed("CONNECT");
                later(this::connect);
            }
        });
    }

    private void later(Runnable step) {
        loop.schedule(step, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private FullHttpRequest request() {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, plan.target());
        request.headers().set(HttpHeaderNames.HOST, plan.url().getRawAuthority());
        request.headers().set(HttpHeaderNames.ACCEPT, plan.accept());
        return request;
    }

    /** The requests on one channel. */
    private final class Exchanges extends SimpleChannelInboundHandler<HttpObject> {

        private @Nullable HttpResponse response;
        private @Nullable Future<?> timeout;
        private boolean inFlight;
        private String closed = "CLOSED";
        private long sent;
        private long firstByte;
        private long bytes;
        private long lines;

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            next(ctx);
        }

        private void next(ChannelHandlerContext ctx) {
            if (over.getAsBoolean() || !ctx.channel().isActive()) {
                ctx.close();
                return;
            }
            inFlight = true;
            response = null;
            firstByte = 0;
            bytes = 0;
            lines = 0;
            sent = System.nanoTime();
            timeout = loop.schedule(
                    () -> {
                        closed = "TIMEOUT";
                        ctx.close();
                    },
                    plan.times().timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            ctx.writeAndFlush(request(), ctx.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
            if (part.decoderResult().isFailure()) {
                closed = "MALFORMED";
                ctx.close();
                return;
            }
            if (part instanceof HttpResponse head) {
                response = head;
            }
            if (part instanceof HttpContent body) {
                count(body.content());
            }
            if (part instanceof LastHttpContent && inFlight && response != null) {
                ended(ctx, response);
            }
        }

        private void count(ByteBuf body) {
            if (bytes == 0 && body.isReadable()) {
                firstByte = System.nanoTime() - sent;
            }
            bytes += body.readableBytes();
            body.forEachByte(value -> {
                lines += value == '\n' ? 1 : 0;
                return true;
            });
        }

        private void ended(ChannelHandlerContext ctx, HttpResponse head) {
            inFlight = false;
            cancelTimeout();
            boolean ok = head.status().equals(HttpResponseStatus.OK);
            if (ok) {
                measurement.succeeded(sent, firstByte, bytes, lines, bytes >= plan.minBytes());
            } else {
                measurement.requests().failed("HTTP_" + head.status().code());
            }
            if (!HttpUtil.isKeepAlive(head)) {
                ctx.close();
            } else if (ok) {
                next(ctx);
            } else {
                later(() -> next(ctx));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            cancelTimeout();
            if (inFlight) {
                inFlight = false;
                measurement.requests().failed(closed);
                later(HttpConnection.this::connect);
            } else {
                connect();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
            ctx.close(); // a reset by the server, which counts as closed
        }

        private void cancelTimeout() {
            if (timeout != null) {
                timeout.cancel(false);
            }
        }
    }
}
