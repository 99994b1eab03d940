package io.kad.transport.netty.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;

/**
 * The handler that encrypts and decrypts a connection after its handshake.
 *
 * <p>A record is two bytes of length and up to {@value #MAX_RECORD_BYTES} of ciphertext. What is written between two flushes
 * shares as few records as possible. An empty record is legal and means nothing; one that is too short or was not encrypted
 * with the connection's key makes a {@link NoiseException} pass through the pipeline and closes the channel.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md#wire-format">noise-libp2p, wire format</a>
 */
public final class NoiseRecordHandler extends ChannelDuplexHandler {

    /** The most bytes of ciphertext in a record. */
    public static final int MAX_RECORD_BYTES = 65_535;

    /** The most bytes of plaintext in a record. */
    public static final int MAX_PLAINTEXT_BYTES = MAX_RECORD_BYTES - CipherState.TAG_BYTES;

    static final int LENGTH_BYTES = 2;

    private final RecordReader reader;
    private final RecordWriter writer;
    private boolean broken;
    private boolean passedOn;

    /** Makes a handler with the keys of one connection. */
    public NoiseRecordHandler(NoiseHandshake.Keys keys) {
        reader = new RecordReader(keys.receive());
        writer = new RecordWriter(keys.send());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (!broken && !ctx.isRemoved()) {
                ByteBuf plaintext = reader.read(ctx.alloc(), in);
                if (plaintext == null) {
                    return;
                }
                passOn(ctx, plaintext);
            }
        } catch (NoiseException e) {
            broken = true;
            ctx.fireExceptionCaught(e);
            ctx.close();
        } finally {
            in.release();
        }
    }

    private void passOn(ChannelHandlerContext ctx, ByteBuf plaintext) {
        if (plaintext.isReadable()) {
            passedOn = true;
            ctx.fireChannelRead(plaintext);
        } else {
            plaintext.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!passedOn && !ctx.channel().config().isAutoRead()) {
            // Somebody asked for data, and only part of a record has come
            ctx.read();
        }
        passedOn = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf data && !broken) {
            writer.write(ctx, data, promise);
        } else if (broken) {
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
        broken = true;
        reader.discard();
        writer.discard(new ClosedChannelException());
    }
}
