package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** The inbound half of a secured channel: gathers one record at a time in a heap buffer, and decrypts it there. */
final class RecordReader {
    private static final int NO_LENGTH = -1;

    private final CipherState key;
    private int firstLengthByte = NO_LENGTH;
    private @Nullable ByteBuf record;

    RecordReader(CipherState key) {
        this.key = key;
    }

    /**
     * Reads on until a record is complete.
     *
     * @return its plaintext, perhaps empty, which the caller releases; or null if {@code in} is read to its end
     */
    @Nullable
    ByteBuf read(ByteBufAllocator allocator, ByteBuf in) throws NoiseException {
        ByteBuf open = record;
        if (open == null) {
            open = begin(allocator, in);
            if (open == null) {
                return null;
            }
        }
        in.readBytes(open, Math.min(open.writableBytes(), in.readableBytes()));
        if (open.isWritable()) {
            record = open;
            return null;
        }
        record = null;
        return decrypt(open);
    }

    /** Gives up what has arrived of a record. */
    void discard() {
        ByteBuf open = record;
        record = null;
        if (open != null) {
            open.release();
        }
    }

    private @Nullable ByteBuf begin(ByteBufAllocator allocator, ByteBuf in) throws NoiseException {
        if (firstLengthByte == NO_LENGTH) {
            if (!in.isReadable()) {
                return null;
            }
            firstLengthByte = in.readUnsignedByte();
        }
        if (!in.isReadable()) {
            return null;
        }
        int length = (firstLengthByte << Byte.SIZE) | in.readUnsignedByte();
        firstLengthByte = NO_LENGTH;
        if (length < CipherState.TAG_BYTES) {
            throw new NoiseException(MALFORMED, "a record of %d bytes".formatted(length));
        }
        return allocator.heapBuffer(length, length);
    }

    private ByteBuf decrypt(ByteBuf open) throws NoiseException {
        boolean decrypted = false;
        try {
            int length = key.decrypt(open.array(), open.arrayOffset(), open.writerIndex());
            open.writerIndex(length);
            decrypted = true;
            return open;
        } finally {
            if (!decrypted) {
                open.release();
            }
        }
    }
}
