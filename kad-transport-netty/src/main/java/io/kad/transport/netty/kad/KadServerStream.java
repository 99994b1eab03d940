package io.kad.transport.netty.kad;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.kad.transport.netty.limit.SendBudget;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.ResetBehindUnreadBytes;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.stream.MessageReader;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.message.SizedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inbound stream on which the remote peer sends requests; responses are sent one after the other, in order.
 *
 * <p>A request is taken up when the response before it has left the local peer, and is passed to the handler when the connection has room for its
 * response: a peer that sends requests and does not read makes the local peer hold one response per stream, within the limit of the connection.
 * Meanwhile the stream is not read, so its receive window bounds what the remote peer has in flight. A stream that the remote peer has half-closed
 * gets its responses too.
 *
 * <p>A request that exceeds the rate of its peer waits for a token, and the requests after it wait with it. After {@value #MAX_IN_A_ROW} requests
 * in a row the stream yields to the other connections of the event loop. A stream is reset if it is idle for too long, if a message is not complete
 * in time, or if a request would have to wait for too long.
 */
public final class KadServerStream extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(KadServerStream.class);

    /** Length in bytes above which an incomplete message counts as use of the connection: on a slow link it takes its time. */
    private static final int LARGE_BYTES = 16 * 1024;

    /** Number of parts of a response: in each idle time at least one of them must leave. */
    private static final int MAX_WRITE_PERIODS = 16;

    /** Number of requests that are served in a row, before the stream yields. */
    static final int MAX_IN_A_ROW = 16;

    private static final List<LimitId> REQUEST_RATES = List.of(LimitId.REQUESTS_PER_MINUTE);
    private static final List<LimitId> RECORD_RATES =
            List.of(LimitId.REQUESTS_PER_MINUTE, LimitId.STORED_RECORDS_PER_MINUTE);
    private static final List<LimitId> PROVIDER_RATES =
            List.of(LimitId.REQUESTS_PER_MINUTE, LimitId.STORED_PROVIDERS_PER_MINUTE);

    private final PeerConnection connection;
    private final TransportHandler requestHandler;
    private final KadFrameCodec frameCodec;
    private final PeerRates.Limiter rateLimiter;
    private final BooleanSupplier isServer;
    private final MessageReader reader;
    private final StreamTimer idleTimer = new StreamTimer();
    private final StreamTimer messageTimer = new StreamTimer();
    private final Runnable onIdle = this::closeIdle;
    /** Time for which the message timer runs; zero while it does not. */
    private Duration scheduledTimeout = Duration.ZERO;

    private boolean inServeLoop;
    /** Whether the other connections have their turn. */
    private boolean yielded;
    /**
     * Requests that were served since the stream last yielded or had none left; at {@link #MAX_IN_A_ROW} it yields. Those whose response did not
     * leave at once count too: otherwise a stream whose responses all leave later in the same run of the event loop would never yield.
     */
    private int servedInARow;

    private boolean inputEnded;
    private @Nullable Exchange exchange;
    private @Nullable DelayedRequest delayed;
    private @Nullable ChannelHandlerContext context;

    /**
     * Creates the handler of one inbound stream of {@code connection}, whose peer {@code rateLimiter} limits.
     *
     * @param isServer returns whether the local peer is a server; otherwise the next request resets the stream
     */
    public KadServerStream(
            PeerConnection connection,
            TransportHandler requestHandler,
            KadFrameCodec frameCodec,
            PeerRates.Limiter rateLimiter,
            BooleanSupplier isServer) {
        this.rateLimiter = rateLimiter;
        this.isServer = isServer;
        this.connection = connection;
        this.requestHandler = requestHandler;
        this.frameCodec = frameCodec;
        this.reader = new MessageReader(
                frameCodec.limits().maxMessageBytes(), connection.partialMessageBudget(), reason -> closeStream());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        restartIdleTimer(ctx);
    }

    private void closeStream() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
        } catch (DecoderException e) {
            LOG.debug("reset kad stream of {}: {}", connection.peer(), e.getMessage());
            ctx.close();
            return;
        }
        serveNext(ctx);
    }

    /**
     * Serves buffered requests as long as their responses are immediate, a few in a row. A loop, not recursion, because a peer may send
     * thousands.
     */
    private void serveNext(ChannelHandlerContext ctx) {
        if (inServeLoop || yielded) {
            return;
        }
        inServeLoop = true;
        try {
            boolean more = true;
            while (more && isReady() && ctx.channel().isActive()) {
                if (servedInARow == MAX_IN_A_ROW) {
                    yieldToOthers(ctx);
                } else {
                    more = serveOne(ctx);
                    servedInARow = more ? servedInARow + 1 : 0;
                }
            }
        } catch (TooLongFrameException e) {
            count(LimitId.MESSAGE_BYTES, String.valueOf(e.getMessage()));
            ctx.close();
        } catch (DecoderException | MalformedMessageException e) {
            LOG.debug("invalid request from {}: {}", connection.peer(), e.getMessage());
            ctx.close();
        } finally {
            inServeLoop = false;
        }
        reader.compact();
        updateMessageTimer(ctx);
        if (reader.declaredLength() > LARGE_BYTES) {
            connection.markUsed(); // it arrives over a slow link, perhaps, in a time that is limited
        }
        ctx.channel().config().setAutoRead(isReady());
    }

    /** Returns whether the next request may be taken up. */
    private boolean isReady() {
        return exchange == null && delayed == null && !yielded;
    }

    /**
     * Goes on after the event loop has read from its other connections: it runs a scheduled task after the next poll of its sockets, and one
     * that is only executed perhaps before.
     */
    private void yieldToOthers(ChannelHandlerContext ctx) {
        yielded = true;
        ctx.executor()
                .schedule(
                        () -> {
                            yielded = false;
                            servedInARow = 0;
                            serveNext(ctx);
                        },
                        0,
                        TimeUnit.NANOSECONDS);
    }

    /** Takes up the next request; returns false if none is complete, or if the stream has ended instead. */
    private boolean serveOne(ChannelHandlerContext ctx) throws MalformedMessageException {
        ByteBuf message = reader.next();
        if (message != null) {
            int bytes = message.readableBytes();
            KadRequest request = frameCodec.decodeRequest(message);
            stopMessageTimer();
            long wait = isServer.getAsBoolean() ? takeTokens(request) : -1;
            if (wait < 0) {
                ctx.close();
                return false;
            } else if (wait > 0) {
                delayed = new DelayedRequest(ctx, request, bytes, wait);
            } else {
                beginExchange(ctx, request, bytes);
            }
            return true;
        }
        if (inputEnded) {
            finishStream(ctx);
        }
        return false;
    }

    private void beginExchange(ChannelHandlerContext ctx, KadRequest request, int bytes) {
        Exchange next = new Exchange(ctx, request, bytes);
        exchange = next;
        connection.beginUse();
        next.begin();
    }

    /**
     * Takes the tokens of {@code request}; returns how long it has to wait for them, or a negative number if that is too long. Tokens that it has
     * taken are not given back then, so that a refused request counts as a request.
     */
    private long takeTokens(KadRequest request) {
        long maxWait = frameCodec.limits().maxRateWait().toNanos();
        long wait = 0;
        for (LimitId limit : rateLimits(request)) {
            long ofLimit = rateLimiter.takeWithin(limit, maxWait);
            if (ofLimit < 0) {
                return ofLimit;
            }
            wait = Math.max(wait, ofLimit);
        }
        return wait;
    }

    /** Returns the limits of the rates that {@code request} counts for; what a peer stores has one of its own. */
    private static List<LimitId> rateLimits(KadRequest request) {
        if (request instanceof KadRequest.PutValue) {
            return RECORD_RATES;
        }
        return request instanceof KadRequest.AddProvider ? PROVIDER_RATES : REQUEST_RATES;
    }

    /** Resets the stream unless the message that has begun is complete in time, however its bytes arrive. */
    private void updateMessageTimer(ChannelHandlerContext ctx) {
        if (!isReady() || !reader.hasUnreadBytes() || !ctx.channel().isActive()) {
            stopMessageTimer();
            return;
        }
        Duration time = frameCodec.limits().messageTimeout(reader.declaredLength());
        if (time.compareTo(scheduledTimeout) > 0) { // a length becomes known once, after its first bytes
            scheduledTimeout = time;
            idleTimer.cancel(); // the stream is not idle
            messageTimer.schedule(ctx, time, () -> {
                count(LimitId.MESSAGE_TIMEOUT, "message is incomplete after " + DurationText.of(time));
                ctx.close();
            });
        }
    }

    private void stopMessageTimer() {
        messageTimer.cancel();
        scheduledTimeout = Duration.ZERO;
    }

    private void closeIdle() {
        count(
                LimitId.STREAM_IDLE_TIMEOUT,
                "idle for " + DurationText.of(frameCodec.limits().idleTimeout()));
        closeStream();
    }

    private void restartIdleTimer(ChannelHandlerContext ctx) {
        idleTimer.schedule(ctx, frameCodec.limits().idleTimeout(), onIdle);
    }

    private void count(LimitId limit, String reason) {
        connection.budget().counters().countAndLog(limit, "reset a stream of " + connection + ": " + reason);
    }

    private void finishStream(ChannelHandlerContext ctx) {
        if (reader.hasUnreadBytes()) {
            ctx.close();
        } else {
            MuxedStream.of(ctx.channel()).finish().addListener(done -> ctx.close());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            serveNext(ctx);
        } else if (event == ResetBehindUnreadBytes.INSTANCE) {
            ctx.close(); // nobody waits for the responses to the requests that are unread
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("kad stream of {} failed: {}", connection.peer(), cause.getMessage());
        ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        idleTimer.cancel();
        messageTimer.cancel();
        DelayedRequest waiting = delayed;
        if (waiting != null) {
            waiting.onStreamEnded();
        }
        Exchange current = exchange;
        if (current != null) {
            exchange = null; // a write that ends later starts no timer
            connection.endUse();
            current.onStreamEnded();
        }
    }

    /** Request that waits for the rate of its peer; nothing else of the stream is read meanwhile. Confined to the event loop of the stream. */
    private final class DelayedRequest {

        private final ChannelHandlerContext ctx;
        private final KadRequest request;
        private final int bytes;
        private final Future<?> timer;

        DelayedRequest(ChannelHandlerContext ctx, KadRequest request, int bytes, long waitNanos) {
            this.ctx = ctx;
            this.request = request;
            this.bytes = bytes;
            connection.partialMessageBudget().chargeToNode(bytes);
            connection.beginUse();
            idleTimer.cancel(); // the stream is not idle
            timer = ctx.executor().schedule(this::proceed, waitNanos, TimeUnit.NANOSECONDS);
        }

        private void proceed() {
            endDelay();
            beginExchange(ctx, request, bytes);
            serveNext(ctx);
        }

        /** Called when the stream has ended. */
        void onStreamEnded() {
            timer.cancel(false);
            endDelay();
            rateLimits(request).forEach(rateLimiter::giveBack);
        }

        private void endDelay() {
            delayed = null;
            connection.partialMessageBudget().releaseFromNode(bytes);
            connection.endUse();
        }
    }

    /** One request, from the moment that it is taken up until its response has left. Confined to the event loop of the stream. */
    private final class Exchange implements ChannelProgressiveFutureListener {

        private final ChannelHandlerContext ctx;
        private final KadRequest request;
        private final AtomicBoolean requestCharged = new AtomicBoolean(true);
        private final int requestBytes;
        private final Runnable onReadPermit = this::passToHandler;
        private SendBudget.Reservation sendReservation;
        private boolean isWithHandler;
        private boolean holdsReadPermit;
        private boolean redelivered;
        private int progressStep;
        private long lastProgress;

        Exchange(ChannelHandlerContext ctx, KadRequest request, int requestBytes) {
            this.ctx = ctx;
            this.request = request;
            this.requestBytes = requestBytes;
            connection.partialMessageBudget().chargeToNode(requestBytes);
            sendReservation = connection
                    .budget()
                    .sendBudget()
                    .reserve(frameCodec.limits().initialReservationBytes(), this::dispatch);
        }

        void begin() {
            restartIdleTimer(ctx);
            if (sendReservation.isGranted()) {
                dispatch();
            }
        }

        /** Passes the request to the handler; one that reads a record once the connection has a permit for that. */
        private void dispatch() {
            if (request instanceof KadRequest.GetValue) {
                connection.recordReadLimiter().acquire(onReadPermit);
            } else {
                passToHandler();
            }
        }

        private void passToHandler() {
            holdsReadPermit = request instanceof KadRequest.GetValue;
            if (!ctx.channel().isActive()) {
                releaseReadPermit();
                return;
            }
            isWithHandler = true;
            try {
                requestHandler.onRequest(
                        new InboundRequest(connection.peer(), connection.remoteAddress(), request, redelivered),
                        new StreamResponder(this));
            } catch (RuntimeException e) {
                LOG.error("failed to handle a request of {}", connection.peer(), e);
                isWithHandler = false;
                releaseReadPermit();
                ctx.close();
            }
        }

        private void releaseReadPermit() {
            if (holdsReadPermit) {
                holdsReadPermit = false;
                connection.recordReadLimiter().release();
            }
        }

        /** Sends {@code response} if there is room for it; otherwise later: a record is not kept until then, but read again. */
        void respond(KadResponse response) {
            SizedMessage frame = frameCodec.prepare(response);
            if (sendReservation.tryEnlarge(frame.size())) {
                write(frame);
                return;
            }
            sendReservation.release();
            redelivered = true;
            Runnable next = request instanceof KadRequest.GetValue
                    ? this::dispatch
                    : () -> resetOnFailure(() -> write(frameCodec.prepare(response)));
            sendReservation = connection.budget().sendBudget().reserve(frame.size(), next);
            if (sendReservation.isGranted()) {
                next.run();
            }
        }

        private void write(SizedMessage frame) {
            sendReservation.release();
            restartIdleTimer(ctx);
            ChannelProgressivePromise sent = ctx.newProgressivePromise();
            progressStep = Math.max(1, frame.size() / MAX_WRITE_PERIODS);
            lastProgress = 0;
            sent.addListener(this);
            ctx.writeAndFlush(KadFrameCodec.toBuffer(ctx.alloc(), frame), sent);
        }

        /**
         * Starts the idle time again for each sixteenth of the response that leaves: the stream is reset when less leaves in that time, so the
         * time of a response is bounded.
         */
        @Override
        public void operationProgressed(ChannelProgressiveFuture sent, long progress, long total) {
            if (exchange == this && progress - lastProgress >= progressStep) {
                lastProgress = progress;
                restartIdleTimer(ctx);
            }
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture sent) {
            if (sent.isSuccess()) {
                end();
            } else {
                LOG.debug("reset kad stream of {}: {}", connection.peer(), String.valueOf(sent.cause()));
                ctx.close();
            }
        }

        /** Ends this exchange; the stream goes on. */
        void end() {
            sendReservation.release();
            releaseRequest();
            if (exchange == this) {
                exchange = null;
                connection.endUse();
                restartIdleTimer(ctx);
                serveNext(ctx);
            }
        }

        /** Called when the stream has ended. A handler that has the request holds it until it completes. */
        void onStreamEnded() {
            sendReservation.release();
            if (!isWithHandler) {
                connection.recordReadLimiter().cancel(onReadPermit);
                releaseRequest();
            }
        }

        /** Called when the handler has completed; runs {@code action} if the stream is open. */
        void onHandlerCompleted(Runnable action) {
            isWithHandler = false;
            if (ctx.channel().isActive()) {
                resetOnFailure(action);
            } else {
                releaseRequest();
            }
            releaseReadPermit(); // its record is dropped, or charged as what waits to be sent
        }

        /** Does what {@link #onHandlerCompleted} does for a response, without a task for it. */
        void onResponse(KadResponse response) {
            isWithHandler = false;
            if (ctx.channel().isActive()) {
                try {
                    respond(response);
                } catch (RuntimeException e) {
                    resetAfter(e);
                }
            } else {
                releaseRequest();
            }
            releaseReadPermit();
        }

        private void resetOnFailure(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                resetAfter(e);
            }
        }

        private void resetAfter(RuntimeException failure) {
            LOG.error("failed to respond to {}", connection.peer(), failure);
            ctx.close();
        }

        /** Releases the bytes of the request; may be called from any thread. */
        void releaseRequest() {
            if (requestCharged.compareAndSet(true, false)) {
                connection.partialMessageBudget().releaseFromNode(requestBytes);
            }
        }
    }

    /** Responder for the pending request of this stream. */
    private final class StreamResponder implements Responder {

        private final Exchange exchange;
        private final AtomicBoolean completed = new AtomicBoolean();

        StreamResponder(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void respond(KadResponse response) {
            if (exchange.ctx.executor().inEventLoop()) {
                if (completed.compareAndSet(false, true)) {
                    exchange.onResponse(response);
                }
            } else {
                completeOnce(() -> exchange.respond(response));
            }
        }

        @Override
        public void completeWithoutResponse() {
            completeOnce(exchange::end);
        }

        @Override
        public void reset() {
            completeOnce(() -> exchange.ctx.close());
        }

        private void completeOnce(Runnable action) {
            if (completed.compareAndSet(false, true)) {
                EventLoops.runOn(exchange.ctx.executor(), () -> exchange.onHandlerCompleted(action), rejected -> {
                    exchange.releaseRequest();
                    LOG.debug("response to {} dropped: event loop has ended", connection.peer());
                });
            }
        }
    }
}
