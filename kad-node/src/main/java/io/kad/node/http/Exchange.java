package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.node.http.limit.HttpLimits;
import io.kad.node.http.limit.LimitCounts;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.channels.ClosedChannelException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and its answer, which is sent whole or as a stream. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which ends the exchange
public final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int NOT_MODIFIED = 304;

    private final Channel channel;
    private final Form form;
    private final HttpService service;
    private final List<Runnable> onEnd = new ArrayList<>();
    private State state = State.WAITING;
    private CompletableFuture<?> responding = CompletableFuture.completedFuture(null);

    private enum State {
        WAITING,
        STREAMING,
        ENDED
    }

    /**
     * Form of an answer that the request determines.
     *
     * @param keepAlive whether the connection stays open
     * @param isHead whether the answer has no body
     * @param isChunked whether the client knows chunks; otherwise a stream ends with its connection
     * @param headers headers of each answer
     */
    record Form(boolean keepAlive, boolean isHead, boolean isChunked, Map<String, String> headers) {}

    Exchange(Channel channel, Form form, HttpService service) {
        this.channel = channel;
        this.form = form;
        this.service = service;
    }

    /** Returns {@code time} as a header has it (RFC 9110 section 5.6.7). */
    public static String httpDate(Instant time) {
        return HTTP_DATE.format(time);
    }

    /** Sends the whole answer, or a refusal if too many answers wait for their clients; ignored if an answer was sent. */
    public void send(Response response) {
        if (!change(State.WAITING, State.ENDED)) {
            return;
        }
        int size = response.body().size();
        if (size <= HttpLimits.SMALL_RESPONSE_BYTES) {
            write(response);
        } else if (service.responseBudget().tryReserve(size)) {
            write(response).addListener(left -> service.responseBudget().release(size));
        } else {
            write(Refusals.overloaded("responses that wait for their clients").response());
        }
    }

    private ChannelFuture write(Response response) {
        DefaultFullHttpResponse message = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                Unpooled.wrappedBuffer(response.body().asReadOnlyBuffer()));
        head(message, response, form.keepAlive());
        if (response.status() != NOT_MODIFIED) { // its length would be that of the body which is not sent
            HttpUtil.setContentLength(message, response.body().size());
        }
        ChannelFuture left = channel.writeAndFlush(message);
        finish(left, form.keepAlive());
        return left;
    }

    /**
     * Sends the head of a streamed answer; for HEAD, nothing follows.
     *
     * @throws IllegalStateException if an answer was sent
     */
    public ResponseStream stream(Response head) {
        if (!change(State.WAITING, State.STREAMING)) {
            if (isEnded()) {
                return new Stream(); // the client is gone
            }
            throw new IllegalStateException("a response was sent");
        }
        DefaultHttpResponse message =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        head(message, head, form.keepAlive() && form.isChunked());
        HttpUtil.setTransferEncodingChunked(message, form.isChunked());
        channel.writeAndFlush(message);
        Stream stream = new Stream();
        if (form.isHead()) {
            stream.end();
        }
        return stream;
    }

    private void head(HttpResponse message, Response response, boolean keepAlive) {
        form.headers().forEach(message.headers()::set);
        response.headers().forEach(message.headers()::set);
        message.headers().set(HttpHeaderNames.DATE, httpDate(Instant.now()));
        message.headers().set("X-Content-Type-Options", "nosniff");
        if (!message.headers().contains(HttpHeaderNames.CACHE_CONTROL)) {
            message.headers().set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE);
        }
        if (!message.headers().contains(HttpHeaderNames.CONNECTION)) {
            message.headers()
                    .set(HttpHeaderNames.CONNECTION, keepAlive ? HttpHeaderValues.KEEP_ALIVE : HttpHeaderValues.CLOSE);
        }
    }

    /**
     * Leaves the answer to {@code later}, which must have sent it or started a stream when it completes; its failure becomes the answer, if none
     * was sent. Whoever calls this ends {@code later} when the client is gone ({@link #onEnd}).
     */
    public synchronized void completedBy(CompletableFuture<?> later) {
        responding = later;
    }

    /** Returns what the answer was left to; one that is complete, if to none. */
    synchronized CompletableFuture<?> responding() {
        return responding;
    }

    /** Runs {@code action} when the answer has ended or the client is gone; at once if that was before. */
    public void onEnd(Runnable action) {
        synchronized (this) {
            if (state != State.ENDED) {
                onEnd.add(action);
                return;
            }
        }
        action.run();
    }

    /** Returns whether the answer has ended, or the client is gone. */
    public synchronized boolean isEnded() {
        return state == State.ENDED;
    }

    synchronized boolean isWaiting() {
        return state == State.WAITING;
    }

    synchronized boolean isStreaming() {
        return state == State.STREAMING;
    }

    /** Ends this exchange, because the client is gone or must be. */
    void abort() {
        channel.close();
        synchronized (this) {
            state = State.ENDED;
        }
        runOnEnd();
    }

    private synchronized boolean change(State from, State to) {
        boolean isRight = state == from;
        state = isRight ? to : state;
        return isRight;
    }

    /** Ends the exchange when the last part of the answer has left. */
    private void finish(ChannelFuture last, boolean keepAlive) {
        last.addListener(written -> {
            if (!written.isSuccess() || !keepAlive) {
                channel.close();
            }
            runOnEnd();
        });
    }

    private void runOnEnd() {
        List<Runnable> actions;
        synchronized (this) {
            actions = List.copyOf(onEnd);
            onEnd.clear();
        }
        actions.forEach(Runnable::run);
    }

    /** Streamed answer of this exchange. */
    private final class Stream implements ResponseStream {

        private final AtomicLong waiting = new AtomicLong();

        @Override
        public CompletableFuture<Void> write(Bytes chunk) {
            if (!isStreaming()) {
                return CompletableFuture.failedFuture(new ClosedChannelException());
            }
            if (chunk.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            if (exceeds(service.limits().streamBytes(), waiting.addAndGet(chunk.size()), chunk)) {
                countLimit();
                LOG.debug("client {} reads too slowly; closing its connection", channel.remoteAddress());
                abort();
                return CompletableFuture.failedFuture(new ClosedChannelException());
            }
            CompletableFuture<Void> written = new CompletableFuture<>();
            channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(chunk.asReadOnlyBuffer())))
                    .addListener(future -> {
                        waiting.addAndGet(-chunk.size());
                        if (future.isSuccess()) {
                            written.complete(null);
                        } else {
                            written.completeExceptionally(future.cause());
                        }
                    });
            return written;
        }

        @Override
        public boolean hasRoom(Bytes chunk) {
            return hasRoom(service.limits().streamBytes(), chunk);
        }

        @Override
        public boolean hasRoomForMore(Bytes chunk) {
            return hasRoom(service.limits().streamBytes() / 2, chunk);
        }

        private boolean hasRoom(int limit, Bytes chunk) {
            return !isStreaming() || !exceeds(limit, waiting.get() + chunk.size(), chunk);
        }

        /** Returns whether so many bytes, with {@code chunk}, are too many; a chunk alone never is. */
        private static boolean exceeds(int limit, long bytes, Bytes chunk) {
            return bytes > limit && bytes > chunk.size();
        }

        @Override
        public void countLimit() {
            service.counts().count(LimitCounts.Limit.STREAM_BYTES);
        }

        @Override
        public void end() {
            if (change(State.STREAMING, State.ENDED)) {
                finish(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), form.keepAlive() && form.isChunked());
            }
        }

        @Override
        public void abort() {
            Exchange.this.abort();
        }
    }
}
