package io.kad.transport.netty.noise;

import io.kad.transport.netty.security.MessageTimer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/**
 * Handler that encrypts and decrypts a connection after its handshake.
 *
 * <p>A transport message has a length of two bytes and up to {@value #MAX_MESSAGE_BYTES} bytes of ciphertext. Writes between two
 * flushes share as few messages as possible. Empty messages are legal and ignored. A transport message that is too short or fails
 * authentication fires a {@link NoiseException} through the pipeline and closes the channel.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">noise-libp2p, wire format</a>
 */
public final class NoiseTransportHandler extends ChannelDuplexHandler implements MessageTimer.Owner {

    /** Maximum ciphertext of a message, in bytes. */
    public static final int MAX_MESSAGE_BYTES = 65_535;

    /** Maximum plaintext of a message, in bytes. */
    public static final int MAX_PLAINTEXT_BYTES = MAX_MESSAGE_BYTES - CipherState.TAG_BYTES;

    static final int LENGTH_BYTES = 2;

    private final TransportMessageReader reader;
    private final TransportMessageWriter writer;
    private final MessageTimer timer;
    private boolean closed;
    private boolean delivered;

    /** Creates a handler with the keys of one connection. */
    public NoiseTransportHandler(NoiseHandshake.CipherStates keys) {
        reader = new TransportMessageReader(keys.receive());
        writer = new TransportMessageWriter(keys.send());
        timer = new MessageTimer("message of Noise", reader::hasPartialMessage);
    }

    @Override
    public MessageTimer messageTimer() {
        return timer;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        boolean beganInThisRead = !reader.hasPartialMessage();
        try {
            while (!closed && !ctx.isRemoved()) {
                ByteBuf plaintext = reader.read(ctx.alloc(), in);
                if (plaintext == null) {
                    timer.onReceived(beganInThisRead);
                    return;
                }
                beganInThisRead = true;
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
        timer.stop();
        reader.discard();
        writer.discard(new ClosedChannelException());
    }
}
