package io.kad.transport.netty.multistream;

import static io.kad.transport.netty.multistream.NegotiationException.Reason.CLOSED;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.INTERNAL;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.LIMIT;
import static io.kad.transport.netty.multistream.NegotiationException.Reason.TIMEOUT;
import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One negotiation on one channel: reads messages within the limits, keeps the timer, and ends exactly once.
 *
 * <p>Being a {@link ByteToMessageDecoder}, it passes what it has not read to the next handler when it leaves the pipeline.
 */
abstract class Negotiator extends ByteToMessageDecoder {

    /** The most bytes of messages that one negotiation reads. */
    static final int MAX_TOTAL_BYTES = 8 * 1024;

    private final NegotiationListener listener;
    private final Duration timeout;
    private final ChannelFutureListener failOnLostWrite = this::written;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> timer;
    private int consumed;
    private boolean started;
    private boolean ended;

    Negotiator(NegotiationListener listener, Duration timeout) {
        this.listener = requireNonNull(listener, "listener");
        this.timeout = requireNonNull(timeout, "timeout");
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("the timeout is negative: " + timeout);
        }
    }

    /** Writes what can be written before anything is read. */
    abstract void start(ChannelHandlerContext ctx);

    /** Takes the next message. */
    abstract void onMessage(ChannelHandlerContext ctx, String message) throws NegotiationException;

    /** Writes messages as one buffer; whoever writes next may share the flush. */
    final void send(ChannelHandlerContext ctx, String... messages) {
        ByteBuf out = ctx.alloc().buffer(64);
        for (String message : messages) {
            MultistreamMessages.write(message, out);
        }
        ctx.write(out).addListener(failOnLostWrite);
        ctx.executor().execute(ctx.channel()::flush);
    }

    /** Leaves the pipeline, in favour of handlers that are installed already. */
    final void agree(ChannelHandlerContext ctx, String protocol) {
        if (ended) {
            // Those handlers closed the channel
            return;
        }
        ended = true;
        stopTimer();
        ctx.pipeline().remove(this);
        listener.onAgreed(ctx.channel(), protocol);
    }

    private void fail(ChannelHandlerContext ctx, NegotiationException cause) {
        if (ended) {
            return;
        }
        ended = true;
        stopTimer();
        listener.onFailed(ctx.channel(), cause);
        // A refusal may wait to be sent still: what a lazy remote sends behind its proposal is no message of the
        // negotiation
        ctx.flush();
        ctx.close();
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (!timeout.isZero()) {
            timer = ctx.executor().schedule(() -> expire(ctx), timeout.toNanos(), TimeUnit.NANOSECONDS);
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
        if (!started && !ended) {
            started = true;
            try {
                start(ctx);
            } catch (RuntimeException e) {
                exceptionCaught(ctx, e);
            }
            if (!ctx.channel().config().isAutoRead()) {
                // Nobody else asks for the remote's messages; later reads are asked for by the decoder itself
                ctx.read();
            }
        }
    }

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (ended) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int before = in.readerIndex();
        try {
            String message = MultistreamMessages.read(in);
            if (message != null) {
                count(in.readerIndex() - before);
                onMessage(ctx, message);
            }
        } catch (NegotiationException e) {
            in.skipBytes(in.readableBytes());
            fail(ctx, e);
        }
    }

    private void count(int bytes) throws NegotiationException {
        consumed += bytes;
        if (consumed > MAX_TOTAL_BYTES) {
            throw new NegotiationException(LIMIT, "the remote sent more than %d bytes".formatted(MAX_TOTAL_BYTES));
        }
    }

    @Override
    public final void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            fail(ctx, new NegotiationException(CLOSED, "the remote stopped sending during the negotiation"));
        }
        super.userEventTriggered(ctx, event);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext ctx) throws Exception {
        fail(ctx, new NegotiationException(CLOSED, "closed during the negotiation"));
        super.channelInactive(ctx);
    }

    @Override
    protected final void handlerRemoved0(ChannelHandlerContext ctx) {
        // Removed by somebody else, or the channel was never active
        fail(ctx, new NegotiationException(CLOSED, "ended before the negotiation did"));
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        NegotiationException.Reason reason = cause instanceof IOException ? CLOSED : INTERNAL;
        fail(ctx, new NegotiationException(reason, "the negotiation broke off: " + cause.getMessage(), cause));
    }

    private void written(ChannelFuture write) {
        ChannelHandlerContext ctx = context;
        Throwable cause = write.cause();
        if (cause != null && ctx != null) {
            fail(ctx, new NegotiationException(CLOSED, "could not send to the remote: " + cause.getMessage(), cause));
        }
    }

    private void expire(ChannelHandlerContext ctx) {
        fail(ctx, new NegotiationException(TIMEOUT, "no agreement within " + timeout));
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }
}
