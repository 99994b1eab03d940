package io.kad.transport.netty.identify;

import io.kad.api.id.Bytes;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.stream.FrameReader;
import io.kad.transport.netty.stream.ReceiveBudget;
import io.kad.transport.netty.stream.StreamTimer;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.encoding.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A stream on which a peer says what it is, in one message or several, until it closes its side.
 *
 * <p>go splits what it says over two messages. A peer that does not close its side in time is taken at what it said so far.
 */
final class IdentifyReceiver extends ChannelInboundHandlerAdapter {

    /** Takes what a peer says of itself. */
    interface Listener {

        /** Takes the messages of one stream, merged. */
        void onReceived(IdentifyMessage message);

        /** Takes note that the peer said nothing of use. */
        void onFailed(Throwable cause);
    }

    private final Listener listener;
    private final FrameReader reader;
    private final StreamTimer timer = new StreamTimer();
    private @Nullable IdentifyMessage said;
    private int messages;
    private boolean ended;

    IdentifyReceiver(ReceiveBudget budget, Listener listener) {
        this.reader = new FrameReader(IdentifyMessage.MAX_READ_BYTES, budget);
        this.listener = listener;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        timer.schedule(ctx, TransportLimits.IDENTIFY_TIMEOUT.toSeconds(), () -> {
            end(new IOException("not identified in time"));
            ctx.close();
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) {
        if (ended) {
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
        } catch (DecoderException | MalformedMessageException malformed) {
            fail(ctx, malformed);
        }
    }

    private void decode(ByteBuf message) throws MalformedMessageException {
        try {
            if (++messages > IdentifyMessage.MAX_MESSAGES) {
                throw new DecoderException("more than " + IdentifyMessage.MAX_MESSAGES + " identify messages");
            }
            IdentifyMessage next = IdentifyMessage.decode(Bytes.copyOf(message.nioBuffer()));
            IdentifyMessage before = said;
            said = before == null ? next : before.merge(next);
        } finally {
            message.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            end(new IOException("the peer said nothing of itself"));
            ((DuplexChannel) ctx.channel()).shutdownOutput().addListener(done -> ctx.close());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(ctx, cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(new IOException("the stream was closed"));
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        reader.release();
        timer.cancel();
    }

    private void fail(ChannelHandlerContext ctx, Throwable cause) {
        if (!ended) {
            ended = true;
            listener.onFailed(cause);
        }
        ctx.close();
    }

    /** Hands over what was said, if anything, and otherwise {@code cause}. */
    private void end(IOException cause) {
        if (ended) {
            return;
        }
        ended = true;
        IdentifyMessage all = said;
        if (all == null) {
            listener.onFailed(cause);
        } else {
            listener.onReceived(all);
        }
    }
}
