package io.kad.transport.netty.noise;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outbound half of a secured channel: collects what is written into the record under construction, and encrypts it there
 * when it is full or flushed.
 *
 * <p>At most one record waits, so that what is written counts for the channel's writability soon.
 */
final class RecordWriter {
    private static final int INITIAL_BYTES = 512;

    private final CipherState key;
    private final List<ChannelPromise> promises = new ArrayList<>();
    private @Nullable ByteBuf record;

    RecordWriter(CipherState key) {
        this.key = key;
    }

    /** Takes over {@code data}, and writes each record that it fills. */
    void write(ChannelHandlerContext ctx, ByteBuf data, ChannelPromise promise) {
        try {
            while (data.isReadable()) {
                ByteBuf open = open(ctx, data.readableBytes());
                int room = NoiseRecordHandler.MAX_PLAINTEXT_BYTES - plaintextBytes(open);
                int taken = Math.min(room, data.readableBytes());
                open.writeBytes(data, taken);
                // The promise belongs to the record with the last byte
                if (taken == room && data.isReadable()) {
                    seal(ctx);
                }
            }
        } finally {
            data.release();
        }
        promises.add(promise);
        if (record != null && plaintextBytes(record) == NoiseRecordHandler.MAX_PLAINTEXT_BYTES) {
            seal(ctx);
        }
    }

    /** Writes what waits, if anything does. */
    void seal(ChannelHandlerContext ctx) {
        ByteBuf open = record;
        record = null;
        if (open == null) {
            if (!promises.isEmpty()) {
                ctx.write(ctx.alloc().buffer(0, 0), takePromises(ctx));
            }
            return;
        }
        int plaintext = plaintextBytes(open);
        open.ensureWritable(CipherState.TAG_BYTES);
        int ciphertext = key.encrypt(open.array(), open.arrayOffset() + NoiseRecordHandler.LENGTH_BYTES, plaintext);
        open.setShort(0, ciphertext).writerIndex(NoiseRecordHandler.LENGTH_BYTES + ciphertext);
        ctx.write(open, takePromises(ctx));
    }

    /** Gives up what waits. */
    void discard(Throwable cause) {
        ByteBuf open = record;
        record = null;
        if (open != null) {
            open.release();
        }
        List<ChannelPromise> failed = List.copyOf(promises);
        promises.clear();
        failed.forEach(promise -> promise.tryFailure(cause));
    }

    private ByteBuf open(ChannelHandlerContext ctx, int expected) {
        ByteBuf open = record;
        if (open == null) {
            int most = NoiseRecordHandler.LENGTH_BYTES + NoiseRecordHandler.MAX_RECORD_BYTES;
            int initial = expected + NoiseRecordHandler.LENGTH_BYTES + CipherState.TAG_BYTES;
            open = ctx.alloc().heapBuffer(Math.min(most, Math.max(INITIAL_BYTES, initial)), most);
            open.writeZero(NoiseRecordHandler.LENGTH_BYTES);
            record = open;
        }
        return open;
    }

    private ChannelPromise takePromises(ChannelHandlerContext ctx) {
        if (promises.isEmpty()) {
            return ctx.newPromise();
        }
        if (promises.size() == 1) {
            return promises.remove(0);
        }
        List<ChannelPromise> written = List.copyOf(promises);
        promises.clear();
        return ctx.newPromise().addListener(future -> {
            for (ChannelPromise promise : written) {
                if (future.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(future.cause());
                }
            }
        });
    }

    private static int plaintextBytes(ByteBuf record) {
        return record.writerIndex() - NoiseRecordHandler.LENGTH_BYTES;
    }
}
