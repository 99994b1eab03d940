package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.CLOSED;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.INTERNAL;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.LIMIT;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.TIMEOUT;
import static java.util.Objects.requireNonNull;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.StreamTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Base of a negotiation on one channel: reads messages within the limits, runs the timeout, and completes exactly once.
 *
 * <p>As a {@link ByteToMessageDecoder} it passes unread bytes to the next handler when it leaves the pipeline.
 */
abstract class Negotiator extends ByteToMessageDecoder {

    /** Limit of received bytes of one negotiation. */
    static final int MAX_TOTAL_BYTES = 8 * 1024;

    /** Size of the largest read that may have to be kept until more arrives. A longer one ends the negotiation, so it need not be copied. */
    private static final int MAX_KEPT_BYTES = MAX_TOTAL_BYTES + MultistreamMessages.MAX_MESSAGE_BYTES + 2;

    /** Cumulator that copies what the limits allow to be kept: a slice would retain the whole buffer from which it was cut. */
    private static final Cumulator COPYING = (allocator, cumulation, in) -> {
        ByteBuf added = in;
        if (in.readableBytes() <= MAX_KEPT_BYTES) {
            added = allocator.buffer(in.readableBytes()).writeBytes(in);
            in.release();
        }
        return MERGE_CUMULATOR.cumulate(allocator, cumulation, added);
    };

    private final NegotiationListener listener;
    private final Duration timeout;
    private final ChannelFutureListener failOnWriteError = this::failOnError;
    private @Nullable ChannelHandlerContext context;
    private final StreamTimer timer = new StreamTimer();
    private int consumedBytes;
    private boolean headerReceived;
    private boolean started;
    private boolean completed;

    Negotiator(NegotiationListener listener, Duration timeout) {
        this.listener = requireNonNull(listener, "listener");
        this.timeout = requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative, got " + DurationText.of(timeout));
        }
        setCumulator(COPYING);
    }

    /** Writes the messages that do not depend on a received one. */
    abstract void start(ChannelHandlerContext ctx);

    /** Called with each received message behind the header. */
    abstract void onMessage(ChannelHandlerContext ctx, String message) throws NegotiationException;

    /**
     * Writes messages as one buffer, and flushes later in this turn of the event loop, so that following writes share
     * the flush.
     */
    final void send(ChannelHandlerContext ctx, String... messages) {
        ByteBuf out = ctx.alloc().buffer(64);
        for (String message : messages) {
            MultistreamMessages.write(message, out);
        }
        ctx.write(out).addListener(failOnWriteError);
        ctx.executor().execute(ctx.channel()::flush);
    }

    /** Completes with an agreement and leaves the pipeline; the handlers of the protocol are installed by then. */
    final void agree(ChannelHandlerContext ctx, String protocol) {
        if (completed) {
            // The installed handlers closed the channel
            return;
        }
        completed = true;
        timer.cancel();
        ctx.pipeline().remove(this);
        listener.onAgreed(ctx.channel(), protocol);
    }

    private void fail(ChannelHandlerContext ctx, NegotiationException cause) {
        if (completed) {
            return;
        }
        completed = true;
        timer.cancel();
        // A remote peer may send data right behind its proposal. If the proposal is refused, that data fails this
        // negotiation before the refusal is flushed, and the listener may close the channel
        ctx.flush();
        listener.onNegotiationFailed(ctx.channel(), cause);
        close(ctx, cause);
    }

    /** Closes the channel after a failure. */
    void close(ChannelHandlerContext ctx, NegotiationException cause) {
        ctx.close();
    }

    /**
     * Ends the local direction of a stream and closes the channel later, so that the remote peer gets what was sent; what it sends meanwhile is
     * dropped. A close at once may take back sent bytes, and with QUIC does so.
     */
    final void closeLater(ChannelHandlerContext ctx, MuxedStream stream) {
        stream.finish();
        timer.schedule(ctx, timeout, ctx::close);
        ctx.channel().closeFuture().addListener(closed -> timer.cancel());
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (!timeout.isZero()) {
            timer.schedule(ctx, timeout, () -> onTimeout(ctx));
        }
        if (ctx.channel().isActive()) {
            startOnce(ctx);
        }
    }

    @Override
    public final void channelActive(ChannelHandlerContext ctx) throws Exception {
        startOnce(ctx);
        super.channelActive(ctx);
    }

    private void startOnce(ChannelHandlerContext ctx) {
        if (!started && !completed) {
            started = true;
            try {
                start(ctx);
            } catch (RuntimeException e) {
                exceptionCaught(ctx, e);
            }
            if (!ctx.channel().config().isAutoRead()) {
                // No other handler requests the messages of the remote peer; the decoder itself requests later reads
                ctx.read();
            }
        }
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (completed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int start = in.readerIndex();
        try {
            if (!headerReceived) {
                headerReceived = MultistreamMessages.readHeader(in);
                countBytes(in.readerIndex() - start);
                return;
            }
            String message = MultistreamMessages.read(in);
            if (message != null) {
                countBytes(in.readerIndex() - start);
                onMessage(ctx, message);
            }
        } catch (NegotiationException e) {
            in.skipBytes(in.readableBytes());
            fail(ctx, e);
        }
    }

    private void countBytes(int bytes) throws NegotiationException {
        consumedBytes += bytes;
        if (consumedBytes > MAX_TOTAL_BYTES) {
            throw new NegotiationException(
                    LIMIT, "negotiation exceeds the limit of %d bytes".formatted(MAX_TOTAL_BYTES));
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(ctx, new NegotiationException(CLOSED, "stream ended during the negotiation"));
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(ctx, new NegotiationException(CLOSED, "channel closed during the negotiation"));
        super.channelInactive(ctx);
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext ctx) {
        // Removed by another handler, or the channel was never active
        fail(ctx, new NegotiationException(CLOSED, "handler removed during the negotiation"));
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        NegotiationException.Reason reason = cause instanceof IOException ? CLOSED : INTERNAL;
        fail(ctx, new NegotiationException(reason, "negotiation failed: " + cause.getMessage(), cause));
    }

    private void failOnError(ChannelFuture write) {
        ChannelHandlerContext ctx = context;
        Throwable cause = write.cause();
        if (cause != null && ctx != null) {
            fail(ctx, new NegotiationException(CLOSED, "cannot send to the remote peer: " + cause.getMessage(), cause));
        }
    }

    private void onTimeout(ChannelHandlerContext ctx) {
        fail(ctx, new NegotiationException(TIMEOUT, "negotiation timed out after " + DurationText.of(timeout)));
    }
}
