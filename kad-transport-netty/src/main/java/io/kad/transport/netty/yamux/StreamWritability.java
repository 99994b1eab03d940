package io.kad.transport.netty.yamux;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether a stream takes more bytes without piling them up: few bytes wait, the peer gave credit, and the connection is
 * writable. Thread-safe, because Netty counts the bytes of a write in the thread that makes it.
 */
final class StreamWritability {

    /** The part of the answer that depends on the credit of the peer. */
    static final int WINDOW = 2;

    /** The part of the answer that depends on the connection. */
    static final int CONNECTION = 4;

    private static final int BYTES = 1;

    private final YamuxStreamChannel channel;
    private final AtomicLong pending = new AtomicLong();
    private final AtomicInteger obstacles = new AtomicInteger();

    StreamWritability(YamuxStreamChannel channel) {
        this.channel = channel;
        if (!channel.parent().isWritable()) {
            obstacles.set(CONNECTION);
        }
    }

    boolean isWritable() {
        return obstacles.get() == 0;
    }

    long bytesBeforeUnwritable() {
        long bytes = channel.config().getWriteBufferHighWaterMark() - pending.get() + 1;
        return bytes > 0 && isWritable() ? bytes : 0;
    }

    long bytesBeforeWritable() {
        long bytes = pending.get() - channel.config().getWriteBufferLowWaterMark() + 1;
        return bytes <= 0 || isWritable() ? 0 : bytes;
    }

    void add(long bytes) {
        if (pending.addAndGet(bytes) > channel.config().getWriteBufferHighWaterMark()) {
            set(BYTES, false);
        }
    }

    void remove(long bytes) {
        if (pending.addAndGet(-bytes) < channel.config().getWriteBufferLowWaterMark()) {
            set(BYTES, true);
        }
    }

    /** Notes that one of the parts is in order, or is not. */
    void set(int part, boolean fine) {
        int before = obstacles.getAndUpdate(value -> fine ? value & ~part : value | part);
        int after = fine ? before & ~part : before | part;
        if ((before == 0) != (after == 0)) {
            fireChanged();
        }
    }

    /** Later, because the change may come from within a write of the handler that will be told. */
    private void fireChanged() {
        try {
            channel.eventLoop().execute(channel.pipeline()::fireChannelWritabilityChanged);
        } catch (RejectedExecutionException e) {
            // The event loop is shut down: nobody writes any more.
        }
    }
}
