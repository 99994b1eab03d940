package io.kad.transport.netty.kad;

import io.kad.api.message.KadResponse;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.StreamFailures;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.MessageReader;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Outbound stream for requests, one at a time: it sends the next one only after the response to the last. Between two requests it is in the
 * {@link StreamPool} of its connection.
 *
 * <p>If the pool does not take it, it is half-closed after the response, not with the request: js-libp2p resets a stream whose half-close arrives
 * in the frame of the request. The stream then lingers until the remote peer half-closes too, for {@value #LINGER_SECONDS} s at most. Bytes
 * that belong to no request end the stream, so that no response is taken for that of another request.
 */
final class KadRequestStream extends ChannelInboundHandlerAdapter {

    static final long LINGER_SECONDS = 5;

    private final KadFrameCodec frameCodec;
    private final StreamPool pool;
    private final PartialMessageBudget budget;
    private final MessageReader reader;
    private final StreamTimer linger = new StreamTimer();

    /** Request that holds a slot for this stream; null while the stream is idle. If the pool does not take the stream, the answered request holds it until the stream has ended. */
    private @Nullable PendingRequest pending;

    private boolean finished;
    private long idleSinceNanos;
    private @Nullable ChannelHandlerContext context;

    /**
     * Creates the handler of a stream, which sends {@code first} when it is added.
     *
     * @param pool takes the stream after each response
     */
    KadRequestStream(PendingRequest first, KadFrameCodec frameCodec, PartialMessageBudget budget, StreamPool pool) {
        this.pending = first;
        this.frameCodec = frameCodec;
        this.pool = pool;
        this.budget = budget;
        this.reader = new MessageReader(frameCodec.limits().maxResponseBytes(first.request()), budget, this::drop);
    }

    private void drop(String reason) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            fail(ctx, Kind.OVERLOADED, reason);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        PendingRequest first = pending;
        if (first != null) {
            write(ctx, first);
        }
    }

    /** Sends {@code next} on this stream, which was taken from its pool. */
    void send(PendingRequest next) {
        ChannelHandlerContext ctx = context;
        if (ctx == null || pending != null) {
            throw new IllegalStateException("stream is not idle");
        }
        pending = next;
        reader.limitMessages(frameCodec.limits().maxResponseBytes(next.request()));
        write(ctx, next);
    }

    private void write(ChannelHandlerContext ctx, PendingRequest next) {
        try {
            ctx.writeAndFlush(frameCodec.encode(ctx.alloc(), next.request())).addListener(written -> {
                if (!written.isSuccess() && pending == next) {
                    fail(ctx, StreamFailures.kind(written.cause()), "cannot send the request: " + written.cause());
                }
            });
        } catch (MessageTooLargeException e) {
            fail(ctx, Kind.TOO_LARGE, String.valueOf(e.getMessage()));
        }
    }

    /** Returns whether the response to {@code request} has not arrived, so that this stream serves no other request. */
    boolean isWaitingFor(PendingRequest request) {
        return pending == request && !finished;
    }

    /** Resets this stream. */
    void reset() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
    }

    /** Sets the time at which this stream was added to its pool, by the clock of that. */
    void setIdleSince(long nanos) {
        idleSinceNanos = nanos;
    }

    /** Returns the time at which this stream was added to its pool. */
    long idleSince() {
        return idleSinceNanos;
    }

    /** Half-closes this stream, which is idle and not in its pool. */
    void finish() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            finish(ctx);
        }
    }

    private void finish(ChannelHandlerContext ctx) {
        finished = true;
        MuxedStream.of(ctx.channel()).finish();
        linger.closeAfter(ctx, LINGER_SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        PendingRequest current = pending;
        if (finished || current == null) {
            ((ByteBuf) message).release();
            if (!finished) {
                ctx.close();
            }
            return;
        }
        try {
            reader.add(ctx.alloc(), (ByteBuf) message);
            ByteBuf frame = reader.next();
            if (frame != null) {
                receive(ctx, current, frame);
            }
        } catch (TooLongFrameException e) {
            budget.counters()
                    .countAndLog(KadLimits.responseLimit(current.request()), "dropped a response: " + e.getMessage());
            fail(ctx, Kind.INVALID, String.valueOf(e.getMessage()));
        } catch (DecoderException | MalformedMessageException e) {
            fail(ctx, Kind.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private void receive(ChannelHandlerContext ctx, PendingRequest answered, ByteBuf frame)
            throws MalformedMessageException {
        KadResponse response = frameCodec.decodeResponse(frame, answered.request());
        if (reader.hasUnreadBytes() || !pool.offer(this)) {
            finish(ctx);
            answered.promise().succeed(response);
        } else {
            pending = null;
            answered.promise().succeed(response);
            answered.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            fail(ctx, Kind.RESET, "stream ended before the response");
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, StreamFailures.kind(cause), String.valueOf(cause.getMessage()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(ctx, Kind.RESET, "stream closed before the response");
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        pool.remove(this);
        reader.release();
        linger.cancel();
        PendingRequest last = pending;
        if (last != null) {
            last.release();
        }
    }

    /** Ends this stream; the pending request fails, unless it has its response. */
    private void fail(ChannelHandlerContext ctx, Kind kind, String message) {
        pool.remove(this);
        PendingRequest failed = pending;
        if (failed != null) {
            failed.promise().fail(kind, message);
        }
        ctx.close();
    }
}
