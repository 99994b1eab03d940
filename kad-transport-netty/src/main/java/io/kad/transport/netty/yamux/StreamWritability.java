package io.kad.transport.netty.yamux;

import io.kad.transport.netty.stream.EventLoops;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writability of a stream: few bytes are pending, the remote peer has granted credit, and the connection is writable.
 * Thread-safe, because Netty counts the bytes of a write on the writing thread.
 */
final class StreamWritability {

    /** Condition: the remote peer has granted credit. */
    static final int WINDOW = 2;

    /** Condition: the connection is writable. */
    static final int CONNECTION = 4;

    private static final int BYTES = 1;

    private final YamuxStreamChannel channel;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicInteger unmetConditions = new AtomicInteger();

    StreamWritability(YamuxStreamChannel channel) {
        this.channel = channel;
        if (!channel.parent().isWritable()) {
            unmetConditions.set(CONNECTION);
        }
    }

    boolean isWritable() {
        return unmetConditions.get() == 0;
    }

    long bytesBeforeUnwritable() {
        long bytes = channel.config().getWriteBufferHighWaterMark() - pending.get() + 1;
        return bytes > 0 && isWritable() ? bytes : 0;
    }

    long bytesBeforeWritable() {
        long bytes = pending.get() - channel.config().getWriteBufferLowWaterMark() + 1;
        return bytes <= 0 || isWritable() ? 0 : bytes;
    }

    void addPendingBytes(long bytes) {
        if (pending.addAndGet(bytes) > channel.config().getWriteBufferHighWaterMark()) {
            setCondition(BYTES, false);
        }
    }

    void removePendingBytes(long bytes) {
        if (pending.addAndGet(-bytes) < channel.config().getWriteBufferLowWaterMark()) {
            setCondition(BYTES, true);
        }
    }

    /** Sets whether a condition is met. */
    void setCondition(int condition, boolean met) {
        int previous = unmetConditions.getAndUpdate(value -> met ? value & ~condition : value | condition);
        int current = met ? previous & ~condition : previous | condition;
        if ((previous == 0) != (current == 0)) {
            // Later, because the change may happen within a write of a handler of the pipeline
            EventLoops.runLater(channel.eventLoop(), channel.pipeline()::fireChannelWritabilityChanged);
        }
    }
}
