package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.stream.MessageReader;
import io.kad.transport.netty.stream.PartialMessageBudget;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Handler of a stream that carries the identify messages of the remote peer, until it half-closes the stream.
 *
 * <p>go-libp2p splits its description over two messages. After {@link TransportLimits#IDENTIFY_TIMEOUT} the messages
 * received so far are used.
 */
final class IdentifyReceiver extends ChannelInboundHandlerAdapter {

    /** Listener for the result of one stream; exactly one call of one method, on the event loop. */
    interface Listener {

        /** Called with the merged messages of the stream. */
        void onReceived(IdentifyMessage message);

        /** Called when the stream carried no valid message. */
        void onFailed(Throwable cause);
    }

    private final Listener listener;
    private final PartialMessageBudget budget;
    private final MessageReader reader;
    private final StreamTimer timer = new StreamTimer();
    private @Nullable IdentifyMessage merged;
    private int messages;
    private boolean finished;

    IdentifyReceiver(PartialMessageBudget budget, Listener listener) {
        this.budget = budget;
        this.reader = new MessageReader(IdentifyMessage.MAX_READ_BYTES, budget);
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer.schedule(ctx, TransportLimits.IDENTIFY_TIMEOUT.toSeconds(), () -> {
            finish(new IOException("identify timed out after " + DurationText.of(TransportLimits.IDENTIFY_TIMEOUT)));
            ctx.close();
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        if (finished) {
            ((ByteBuf) received).release();
            return;
        }
        try {
            reader.add(ctx.alloc(), (ByteBuf) received);
            ByteBuf message = reader.next();
            while (message != null) {
                decode(message);
                message = reader.next();
            }
        } catch (TooLongFrameException tooLong) {
            budget.counters().countAndLog(LimitId.IDENTIFY, "dropped an identify message: " + tooLong.getMessage());
            fail(ctx, tooLong);
        } catch (DecoderException | MalformedMessageException malformed) {
            fail(ctx, malformed);
        }
    }

    private void decode(ByteBuf message) throws MalformedMessageException {
        try {
            if (++messages > IdentifyMessage.MAX_MESSAGES) {
                throw new TooLongFrameException(
                        "number of identify messages exceeds the limit of " + IdentifyMessage.MAX_MESSAGES);
            }
            IdentifyMessage next = IdentifyMessage.decode(Bytes.copyOf(message.nioBuffer()));
            IdentifyMessage previous = merged;
            merged = previous == null ? next : previous.merge(next);
        } finally {
            message.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            finish(new IOException("stream ended without an identify message"));
            MuxedStream.of(ctx.channel()).finish().addListener(done -> ctx.close());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        finish(new IOException("stream closed before the identify message"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        timer.cancel();
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (!finished) {
            finished = true;
            listener.onFailed(cause);
        }
        ctx.close();
    }

    /** Completes with the messages received so far, or fails with {@code cause} if there are none. */
    private void finish(IOException cause) {
        if (finished) {
            return;
        }
        finished = true;
        IdentifyMessage message = merged;
        if (message == null) {
            listener.onFailed(cause);
        } else {
            listener.onReceived(message);
        }
    }
}
