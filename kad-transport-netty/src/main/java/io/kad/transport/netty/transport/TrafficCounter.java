package io.kad.transport.netty.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counter of the bytes that sockets have received and were given to send: what the network carries, without the headers of TCP or UDP. It is the
 * first handler of each socket, also in front of those of an upgrade. Thread-safe.
 */
@Sharable
public final class TrafficCounter extends ChannelDuplexHandler {

    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();

    /** Creates a counter at zero. */
    public TrafficCounter() {}

    /** Returns the bytes that were sent. */
    public long sent() {
        return sent.sum();
    }

    /** Returns the bytes that were received. */
    public long received() {
        return received.sum();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received.add(bytes(message));
        ctx.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is that of the caller
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        sent.add(bytes(message));
        ctx.write(message, promise);
    }

    /** Returns the bytes of a buffer of TCP, or of a datagram. */
    private static int bytes(Object message) {
        if (message instanceof ByteBuf buffer) {
            return buffer.readableBytes();
        }
        return message instanceof ByteBufHolder datagram ? datagram.content().readableBytes() : 0;
    }
}
