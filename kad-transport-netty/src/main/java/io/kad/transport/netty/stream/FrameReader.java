package io.kad.transport.netty.stream;

import io.kad.wire.encoding.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into messages, each led by its length as a varint.
 *
 * <p>Hands out one message at a time, when asked: a server that answers in order takes the next request only after it has
 * answered the one before. Belongs to one event loop; {@link #release()} ends it.
 */
public final class FrameReader {

    /** What a stream may hold without the budget: small messages pass though large ones have used it up. */
    static final int FREE_BYTES = 32 * 1024;

    private final int maxMessageBytes;
    private final ReceiveBudget budget;
    private @Nullable ByteBuf received;
    private long charged;

    /**
     * Makes a reader that accepts messages of up to {@code maxMessageBytes} bytes.
     *
     * @param budget what all streams of the connection may hold together
     */
    public FrameReader(int maxMessageBytes, ReceiveBudget budget) {
        this.maxMessageBytes = maxMessageBytes;
        this.budget = budget;
    }

    /**
     * Takes in and takes over {@code bytes}.
     *
     * @throws TooLongFrameException if the connection makes us hold too much; the bytes and all those before are released
     */
    public void add(ByteBufAllocator allocator, ByteBuf bytes) {
        ByteBuf before = received;
        int held = before == null ? 0 : before.readableBytes();
        if (!charge(held + bytes.readableBytes())) {
            bytes.release();
            release(); // now, so that the other streams of the connection are not cut too
            throw new TooLongFrameException("the connection holds too many bytes of incomplete messages");
        }
        if (before == null || !before.isReadable()) {
            drop();
            received = bytes;
        } else {
            received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, before, bytes);
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
        ByteBuf message = in.readRetainedSlice((int) length);
        charge(in.readableBytes());
        return message;
    }

    /** Reads a length, or returns -1 if it is not all there. */
    private long readLength(ByteBuf in) {
        long length = 0;
        for (int index = 0; index < Frames.MAX_LENGTH_BYTES; index++) {
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
        throw new CorruptedFrameException(
                "the length of a message is longer than " + Frames.MAX_LENGTH_BYTES + " bytes");
    }

    /** Returns whether part of a message was received. */
    public boolean hasPartialMessage() {
        ByteBuf in = received;
        return in != null && in.isReadable();
    }

    /** Frees what was received. */
    public void release() {
        drop();
        charge(0);
    }

    private void drop() {
        ByteBuf in = received;
        if (in != null) {
            received = null;
            in.release();
        }
    }

    /** Makes the budget bear {@code held} bytes of this stream instead of those before, and returns whether there was room. */
    private boolean charge(int held) {
        long due = Math.max(0, held - FREE_BYTES);
        if (!budget.replace(charged, due)) {
            return false;
        }
        charged = due;
        return true;
    }
}
