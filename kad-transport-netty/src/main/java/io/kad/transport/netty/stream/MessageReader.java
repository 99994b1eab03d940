package io.kad.transport.netty.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Splitter of a byte stream into length-prefixed messages.
 *
 * <p>Returns one message per call: a server that responds in order takes the next request only after its last response.
 * Confined to one event loop; must be {@linkplain #release() released}.
 */
public final class MessageReader {

    /**
     * Bytes that each stream may buffer outside the budget, so that small messages pass although large ones have
     * exhausted it.
     */
    static final int UNCHARGED_BYTES = 32 * 1024;

    /** Longest length prefix, in bytes; a longer one exceeds every configurable limit. */
    private static final int MAX_PREFIX_BYTES = 5;

    private static final int MIN_COPY_CAPACITY = 512;

    private int maxMessageBytes;
    private final PartialMessageBudget budget;
    private final Consumer<String> closeStream;
    private @Nullable ByteBuf received;

    /** Whether {@link #received} belongs to this reader alone, rather than being a part of a larger buffer. */
    private boolean exclusive;

    private long declaredLength;
    private long chargedToConnection;
    private long chargedToNode;

    /**
     * Creates a reader that accepts messages of up to {@code maxMessageBytes} bytes.
     *
     * @param budget limit of buffered bytes over all streams of the connection
     */
    public MessageReader(int maxMessageBytes, PartialMessageBudget budget) {
        this(maxMessageBytes, budget, reason -> {});
    }

    /**
     * Creates a reader as the other constructor does.
     *
     * @param closeStream closes the stream when the node needs the memory of an incomplete message; receives the reason
     */
    public MessageReader(int maxMessageBytes, PartialMessageBudget budget, Consumer<String> closeStream) {
        this.maxMessageBytes = maxMessageBytes;
        this.budget = budget;
        this.closeStream = closeStream;
    }

    /** Changes the limit of the size of a message to {@code maxMessageBytes}, for the next one. */
    public void limitMessages(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Appends {@code bytes}, whose ownership passes to this reader.
     *
     * @throws TooLongFrameException if the budget of the connection is exhausted; all bytes of this stream are released
     *     then
     */
    public void add(ByteBufAllocator allocator, ByteBuf bytes) {
        ByteBuf previous = received;
        int buffered = previous == null ? 0 : previous.readableBytes();
        if (!tryAdjustConnectionCharge(buffered + bytes.readableBytes())) {
            bytes.release();
            release(); // now, so that other streams of the connection are not reset too
            throw new TooLongFrameException("incomplete messages exceed the limit of the connection");
        }
        if (previous == null || !previous.isReadable()) {
            releaseReceived();
            received = bytes;
            exclusive = false;
        } else {
            discardRead(previous);
            append(allocator, previous, bytes);
        }
        adjustNodeCharge();
    }

    /**
     * Returns the next message, which the caller must release; null if it is incomplete.
     *
     * @throws TooLongFrameException if its length exceeds the limit; thrown before its bytes arrive
     * @throws CorruptedFrameException if its length is not a valid varint
     */
    public @Nullable ByteBuf next() {
        ByteBuf in = received;
        if (in == null) {
            return null;
        }
        int start = in.readerIndex();
        long length = readLength(in);
        declaredLength = 0;
        if (length < 0 || in.readableBytes() < length) {
            in.readerIndex(start);
            declaredLength = Math.max(0, length);
            compact();
            return null;
        }
        ByteBuf message = in.readRetainedSlice((int) length);
        budget.messageCompleted();
        tryAdjustConnectionCharge(in.readableBytes());
        if (!in.isReadable()) {
            releaseReceived();
        }
        adjustNodeCharge();
        return message;
    }

    /**
     * Copies the bytes that are left to a buffer of their own, if they are a part of a larger one, or fill less than a quarter of theirs: they
     * would keep all of it in memory. Called when messages stay unread for some time; {@link #next} does it before it returns null.
     */
    public void compact() {
        ByteBuf in = received;
        if (in == null) {
            return;
        }
        if (!in.isReadable()) {
            releaseReceived();
            return;
        }
        int capacity = Math.max(in.readableBytes(), MIN_COPY_CAPACITY);
        if (!exclusive || in.capacity() > 4 * capacity) {
            received = in.alloc().buffer(capacity).writeBytes(in);
            exclusive = true;
            in.release();
        }
        adjustNodeCharge();
    }

    /** Reads a length prefix; returns -1 if it is incomplete. */
    private long readLength(ByteBuf in) {
        long length = 0;
        for (int index = 0; index < MAX_PREFIX_BYTES; index++) {
            if (!in.isReadable()) {
                return -1;
            }
            byte next = in.readByte();
            length |= (next & 0x7fL) << (7 * index);
            if (next >= 0) {
                if (next == 0 && index > 0) {
                    throw new CorruptedFrameException("length prefix of a message has more bytes than it needs");
                }
                if (length > maxMessageBytes) {
                    throw new TooLongFrameException(
                            "message of " + length + " bytes exceeds the limit of " + maxMessageBytes);
                }
                return length;
            }
        }
        throw new CorruptedFrameException("length prefix of a message exceeds " + MAX_PREFIX_BYTES + " bytes");
    }

    /** Returns whether bytes are buffered that {@link #next} has not returned; a part of a message, if that has returned null. */
    public boolean hasUnreadBytes() {
        ByteBuf in = received;
        return in != null && in.isReadable();
    }

    /** Returns the declared length of the incomplete message at which {@link #next} has returned null, in bytes; 0 if it is unknown. */
    public long declaredLength() {
        return declaredLength;
    }

    /** Releases all buffered bytes. */
    public void release() {
        releaseReceived();
        tryAdjustConnectionCharge(0);
    }

    /**
     * Makes room in a buffer of this reader alone for further bytes. Otherwise a peer whose messages never end with the
     * received bytes would make it grow by all that it sends.
     */
    private void discardRead(ByteBuf buffer) {
        if (exclusive && buffer.refCnt() == 1) {
            buffer.discardSomeReadBytes();
        }
    }

    /**
     * Appends {@code bytes} to {@code previous}. The buffer grows by a quarter, not twofold: messages that arrive side by side on a connection would
     * all double in one turn of the event loop, which is more than the budget of the node can make room for.
     */
    private void append(ByteBufAllocator allocator, ByteBuf previous, ByteBuf bytes) {
        try {
            ByteBuf target = previous;
            if (!exclusive || previous.maxFastWritableBytes() < bytes.readableBytes()) {
                target = allocator
                        .buffer(grown(previous.readableBytes() + bytes.readableBytes()))
                        .writeBytes(previous);
                received = target;
                exclusive = true;
                previous.release();
            }
            target.writeBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    /** Returns the capacity of a buffer for {@code needed} bytes, to which more will be added if the message is longer. */
    private int grown(int needed) {
        int grown = needed + needed / 4;
        return declaredLength == 0 ? grown : (int) Math.max(needed, Math.min(grown, declaredLength + MAX_PREFIX_BYTES));
    }

    private void releaseReceived() {
        ByteBuf in = received;
        if (in != null) {
            received = null;
            in.release();
        }
        adjustNodeCharge();
    }

    /** Charges the memory of this reader to the budget of the node, in place of the previous charge. */
    private void adjustNodeCharge() {
        ByteBuf in = received;
        long current = in == null ? 0 : exclusive ? in.capacity() : in.readableBytes();
        budget.adjustNode(chargedToNode, current);
        if (chargedToNode == 0 && current > 0) {
            budget.addReader(this);
        } else if (chargedToNode > 0 && current == 0) {
            budget.removeReader(this);
        }
        chargedToNode = current;
    }

    /** Returns the memory of this reader that is charged to the budget of the node, in bytes. */
    long chargedToNode() {
        return chargedToNode;
    }

    /** Releases the buffered bytes and fails the stream. */
    void failStream(String reason) {
        release();
        closeStream.accept(reason);
    }

    /**
     * Charges {@code size} buffered bytes of this stream to the budget, in place of the previous charge; returns false
     * and changes nothing if the budget does not allow it.
     */
    private boolean tryAdjustConnectionCharge(int size) {
        long charge = Math.max(0, size - UNCHARGED_BYTES);
        if (!budget.tryAdjustConnection(chargedToConnection, charge)) {
            return false;
        }
        chargedToConnection = charge;
        return true;
    }
}
