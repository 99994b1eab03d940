package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Inbound half of a secured channel: collects one message at a time in a buffer and decrypts it in place. The buffer grows with the
 * bytes that arrive, because a length costs its sender two bytes. Not thread-safe.
 */
final class TransportMessageReader {
    private static final int NO_LENGTH = -1;
    private static final int MIN_CAPACITY = 256;

    /** Largest ratio of the capacity of the buffer to the bytes in it; a smaller one would copy the bytes more often. */
    private static final int MAX_GROWTH = 8;

    private final CipherState cipherState;
    private int firstLengthByte = NO_LENGTH;
    private @Nullable ByteBuf message;

    TransportMessageReader(CipherState cipherState) {
        this.cipherState = cipherState;
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
        int size = Math.min(buffer.maxWritableBytes(), in.readableBytes());
        int received = buffer.writerIndex() + size;
        if (received > buffer.capacity()) {
            buffer.capacity(capacity(received, buffer.maxCapacity()));
        }
        in.readBytes(buffer, size);
        if (buffer.maxWritableBytes() > 0) {
            message = buffer;
            return null;
        }
        message = null;
        return decrypt(cipherState.toCipherBuffer(allocator, buffer));
    }

    /** Returns whether a message has begun and is incomplete. */
    boolean hasPartialMessage() {
        return message != null || firstLengthByte != NO_LENGTH;
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
        // An incomplete message waits in the heap: there is less memory outside it, and any number of peers may send a
        // part of one
        return in.readableBytes() >= length
                ? cipherState.newBuffer(allocator, length, length)
                : allocator.heapBuffer(capacity(in.readableBytes(), length), length);
    }

    private static int capacity(int received, int length) {
        return (int) Math.min(length, Math.max(MIN_CAPACITY, (long) received * MAX_GROWTH));
    }

    private ByteBuf decrypt(ByteBuf buffer) throws NoiseException {
        boolean decrypted = false;
        try {
            int length = cipherState.decrypt(buffer, 0, buffer.writerIndex());
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
