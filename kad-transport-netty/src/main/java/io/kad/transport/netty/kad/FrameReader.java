package io.kad.transport.netty.kad;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into messages, each led by its length as a varint.
 *
 * <p>Hands out one message at a time, when asked: a server that answers in order takes the next request only after it has
 * answered the one before. Not thread-safe; {@link #release()} ends it.
 */
public final class FrameReader {

    private static final int MAX_LENGTH_BYTES = 5;

    private final int maxMessageBytes;
    private @Nullable ByteBuf received;

    /** Makes a reader that accepts messages of up to {@code maxMessageBytes} bytes. */
    public FrameReader(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** Takes in and takes over {@code bytes}. */
    public void add(ByteBufAllocator allocator, ByteBuf bytes) {
        ByteBuf before = received;
        if (before == null || !before.isReadable()) {
            release();
            received = bytes;
        } else {
            received = io.netty.handler.codec.ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, bytes);
        }
    }

    /**
     * Returns the next message, which the caller releases, or null if it is not all there.
     *
     * @throws TooLongFrameException if its length is over the limit; known before its bytes arrive
     * @throws CorruptedFrameException if its length is no varint
     */
    public @Nullable ByteBuf next() {
        ByteBuf in = received;
        if (in == null) {
            return null;
        }
        int start = in.readerIndex();
        long length = readLength(in);
        if (length < 0 || in.readableBytes() < length) {
            in.readerIndex(start);
            return null;
        }
        return in.readRetainedSlice((int) length);
    }

    /** Reads a length, or returns -1 if it is not all there. */
    private long readLength(ByteBuf in) {
        long length = 0;
        for (int index = 0; index < MAX_LENGTH_BYTES; index++) {
            if (!in.isReadable()) {
                return -1;
            }
            byte next = in.readByte();
            length |= (next & 0x7fL) << (7 * index);
            if (next >= 0) {
                if (length > maxMessageBytes) {
                    throw new TooLongFrameException(
                            "a message of " + length + " bytes is over the limit of " + maxMessageBytes);
                }
                return length;
            }
        }
        throw new CorruptedFrameException("the length of a message is longer than " + MAX_LENGTH_BYTES + " bytes");
    }

    /** Returns whether part of a message was received. */
    public boolean hasPartialMessage() {
        ByteBuf in = received;
        return in != null && in.isReadable();
    }

    /** Frees what was received. */
    public void release() {
        ByteBuf in = received;
        if (in != null) {
            received = null;
            in.release();
        }
    }
}
