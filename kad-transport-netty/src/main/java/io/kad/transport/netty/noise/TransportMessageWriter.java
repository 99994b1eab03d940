package io.kad.transport.netty.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Outbound half of a secured channel: collects writes in the current message and encrypts it in place when it is full or
 * flushed.
 *
 * <p>At most one message is held back, so that written bytes soon count for the writability of the channel. Not
 * thread-safe.
 */
final class TransportMessageWriter {
    private static final int INITIAL_BYTES = 512;

    private final CipherState key;
    private final MessageSizes sizes = new MessageSizes();
    /** Promises of the current message, and of empty writes behind the last one. */
    private List<ChannelPromise> promises = new ArrayList<>();

    private @Nullable ByteBuf message;

    TransportMessageWriter(CipherState key) {
        this.key = key;
    }

    /** Writes {@code data}, whose ownership passes to this writer, and sends each message that it fills. */
    void write(ChannelHandlerContext ctx, ByteBuf data, ChannelPromise promise) {
        try {
            while (data.isReadable()) {
                ByteBuf buffer = messageFor(ctx, data.readableBytes());
                int space = NoiseTransportHandler.MAX_PLAINTEXT_BYTES - plaintextBytes(buffer);
                int length = Math.min(space, data.readableBytes());
                buffer.writeBytes(data, length);
                // The promise belongs to the message with the last byte of data
                if (length == space && data.isReadable()) {
                    seal(ctx);
                }
            }
        } finally {
            data.release();
        }
        promises.add(promise);
        if (message != null && plaintextBytes(message) == NoiseTransportHandler.MAX_PLAINTEXT_BYTES) {
            seal(ctx);
        }
    }

    /** Encrypts and sends the current message, if it contains anything. */
    void seal(ChannelHandlerContext ctx) {
        ByteBuf buffer = message;
        message = null;
        if (buffer == null) {
            if (!promises.isEmpty()) {
                ctx.write(ctx.alloc().buffer(0, 0), takePromises(ctx));
            }
            return;
        }
        boolean encrypted = false;
        try {
            int plaintext = plaintextBytes(buffer);
            sizes.add(plaintext);
            buffer.ensureWritable(CipherState.TAG_BYTES);
            int ciphertext = key.encrypt(buffer, NoiseTransportHandler.LENGTH_BYTES, plaintext);
            buffer.setShort(0, ciphertext).writerIndex(NoiseTransportHandler.LENGTH_BYTES + ciphertext);
            encrypted = true;
        } finally {
            if (!encrypted) {
                buffer.release();
            }
        }
        ctx.write(buffer, takePromises(ctx));
    }

    /** Releases the current message and fails its promises. */
    void discard(Throwable cause) {
        ByteBuf buffer = message;
        message = null;
        if (buffer != null) {
            buffer.release();
        }
        List<ChannelPromise> failed = promises;
        promises = new ArrayList<>();
        failed.forEach(promise -> promise.tryFailure(cause));
    }

    private ByteBuf messageFor(ChannelHandlerContext ctx, int expected) {
        ByteBuf buffer = message;
        if (buffer == null) {
            int maxBytes = NoiseTransportHandler.LENGTH_BYTES + NoiseTransportHandler.MAX_MESSAGE_BYTES;
            int plaintext = Math.max(expected, sizes.expected());
            int initial = plaintext + NoiseTransportHandler.LENGTH_BYTES + CipherState.TAG_BYTES;
            buffer = key.newBuffer(ctx.alloc(), Math.min(maxBytes, Math.max(INITIAL_BYTES, initial)), maxBytes);
            buffer.writeZero(NoiseTransportHandler.LENGTH_BYTES);
            message = buffer;
        }
        return buffer;
    }

    private ChannelPromise takePromises(ChannelHandlerContext ctx) {
        if (promises.isEmpty()) {
            return ctx.newPromise();
        }
        if (promises.size() == 1) {
            return promises.remove(0);
        }
        List<ChannelPromise> written = promises;
        promises = new ArrayList<>(written.size());
        return ctx.newPromise().addListener(future -> {
            for (int index = 0; index < written.size(); index++) {
                ChannelPromise promise = written.get(index);
                if (future.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(future.cause());
                }
            }
        });
    }

    private static int plaintextBytes(ByteBuf message) {
        return message.writerIndex() - NoiseTransportHandler.LENGTH_BYTES;
    }
}
