package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Inbound half of a secured channel: collects one message at a time in a heap buffer and decrypts it in place. Not
 * thread-safe.
 */
final class TransportMessageReader {
    private static final int NO_LENGTH = -1;

    private final CipherState key;
    private int firstLengthByte = NO_LENGTH;
    private @Nullable ByteBuf message;

    TransportMessageReader(CipherState key) {
        this.key = key;
    }

    /**
     * Reads until a message is complete.
     *
     * @return its plaintext, possibly empty, which the caller must release; null if {@code in} is exhausted first
     * @throws NoiseException if the message is too short or fails authentication
     */
    @Nullable
    ByteBuf read(ByteBufAllocator allocator, ByteBuf in) throws NoiseException {
        ByteBuf buffer = message;
        if (buffer == null) {
            buffer = startMessage(allocator, in);
            if (buffer == null) {
                return null;
            }
        }
        in.readBytes(buffer, Math.min(buffer.writableBytes(), in.readableBytes()));
        if (buffer.isWritable()) {
            message = buffer;
            return null;
        }
        message = null;
        return decrypt(buffer);
    }

    /** Releases an incomplete message. */
    void discard() {
        ByteBuf buffer = message;
        message = null;
        if (buffer != null) {
            buffer.release();
        }
    }

    private @Nullable ByteBuf startMessage(ByteBufAllocator allocator, ByteBuf in) throws NoiseException {
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
            throw new NoiseException(
                    MALFORMED, "message must have at least %d bytes, got %d".formatted(CipherState.TAG_BYTES, length));
        }
        return allocator.heapBuffer(length, length);
    }

    private ByteBuf decrypt(ByteBuf buffer) throws NoiseException {
        boolean decrypted = false;
        try {
            int length = key.decrypt(buffer.array(), buffer.arrayOffset(), buffer.writerIndex());
            buffer.writerIndex(length);
            decrypted = true;
            return buffer;
        } finally {
            if (!decrypted) {
                buffer.release();
            }
        }
    }
}
