package io.kad.transport.netty.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Handler that encrypts and decrypts a connection after its handshake.
 *
 * <p>A transport message has a length of two bytes and up to {@value #MAX_MESSAGE_BYTES} bytes of ciphertext. Writes between two
 * flushes share as few messages as possible. Empty messages are legal and ignored. A transport message that is too short or fails
 * authentication fires a {@link NoiseException} through the pipeline and closes the channel.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">noise-libp2p, wire format</a>
 */
public final class NoiseTransportHandler extends ChannelDuplexHandler {

    /** Maximum ciphertext of a message, in bytes. */
    public static final int MAX_MESSAGE_BYTES = 65_535;

    /** Maximum plaintext of a message, in bytes. */
    public static final int MAX_PLAINTEXT_BYTES = MAX_MESSAGE_BYTES - CipherState.TAG_BYTES;

    static final int LENGTH_BYTES = 2;

    private final TransportMessageReader reader;
    private final TransportMessageWriter writer;
    private Duration messageTimeout = Duration.ZERO;
    private Runnable onMessageTimeout = () -> {};
    private @Nullable Future<?> messageCheck;
    private long messageBeganNanos;
    private boolean closed;
    private boolean delivered;

    /** Creates a handler with the keys of one connection. */
    public NoiseTransportHandler(NoiseHandshake.Keys keys) {
        reader = new TransportMessageReader(keys.receive());
        writer = new TransportMessageWriter(keys.send());
    }

    /**
     * Limits the time from the first byte of a message until its last. Must be called on the event loop.
     *
     * @param timeout limit
     * @param onTimeout called before the channel is closed
     */
    public void limitMessageTime(Duration timeout, Runnable onTimeout) {
        messageTimeout = timeout;
        onMessageTimeout = onTimeout;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        boolean began = !reader.hasPartialMessage();
        try {
            while (!closed && !ctx.isRemoved()) {
                ByteBuf plaintext = reader.read(ctx.alloc(), in);
                if (plaintext == null) {
                    limitTime(ctx, began);
                    return;
                }
                began = true;
                deliver(ctx, plaintext);
            }
        } catch (NoiseException e) {
            closed = true;
            ctx.fireExceptionCaught(e);
            ctx.close();
        } finally {
            in.release();
        }
    }

    /**
     * Starts the time of an incomplete message. One check runs per timeout, not per message, because busy connections have a partial message
     * at the end of most reads.
     *
     * @param began whether the message began with the last read
     */
    private void limitTime(ChannelHandlerContext ctx, boolean began) {
        if (!reader.hasPartialMessage() || messageTimeout.isZero()) {
            return;
        }
        if (began) {
            messageBeganNanos = ctx.executor().ticker().nanoTime();
        }
        if (messageCheck == null) {
            scheduleCheck(ctx, messageTimeout.toNanos());
        }
    }

    private void scheduleCheck(ChannelHandlerContext ctx, long nanos) {
        messageCheck = ctx.executor().schedule(() -> checkMessageTime(ctx), nanos, TimeUnit.NANOSECONDS);
    }

    private void checkMessageTime(ChannelHandlerContext ctx) {
        messageCheck = null;
        if (closed || !reader.hasPartialMessage()) {
            return;
        }
        long remaining = messageTimeout.toNanos() - (ctx.executor().ticker().nanoTime() - messageBeganNanos);
        if (remaining > 0) {
            scheduleCheck(ctx, remaining);
        } else {
            onMessageTimeout.run();
            ctx.channel().close();
        }
    }

    private void deliver(ChannelHandlerContext ctx, ByteBuf plaintext) {
        if (plaintext.isReadable()) {
            delivered = true;
            ctx.fireChannelRead(plaintext);
        } else {
            plaintext.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!delivered && !ctx.channel().config().isAutoRead()) {
            // A read was requested, and only part of a message has arrived
            ctx.read();
        }
        delivered = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf data && !closed) {
            writer.write(ctx, data, promise);
        } else if (closed) {
            ReferenceCountUtil.release(message);
            promise.setFailure(new ClosedChannelException());
        } else {
            ReferenceCountUtil.release(message);
            promise.setFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        writer.seal(ctx);
        ctx.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        release();
        ctx.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        closed = true;
        Future<?> check = messageCheck;
        if (check != null) {
            check.cancel(false);
        }
        reader.discard();
        writer.discard(new ClosedChannelException());
    }
}
