package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of a stream: bytes go to the pipeline when it asks for them, and only then earn the peer new
 * credit.
 *
 * <p>Bytes that have to wait are copied together, because a slice would keep the whole buffer it was cut from.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which says so
final class StreamReceiveBuffer {

    private static final int CHUNK = 16 * 1024;
    private static final int SMALL_CHUNK = 512;

    private final YamuxStreamChannel channel;
    private final YamuxSession session;
    private final ReceiveWindow window = new ReceiveWindow();
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();

    private int buffered;
    private boolean readRequested;
    private boolean readCompletePending;
    private boolean delivering;
    private boolean finished;
    private boolean closed;
    private @Nullable YamuxStreamException reset;
    private volatile boolean shutdown;

    StreamReceiveBuffer(YamuxStreamChannel channel, YamuxSession session) {
        this.channel = channel;
        this.session = session;
    }

    // --- from the connection

    /**
     * Takes note of a payload that is about to arrive.
     *
     * @throws YamuxConnectionException if it is larger than the window
     */
    void consumeWindow(long bytes) throws YamuxConnectionException {
        if (!isEnded()) {
            window.receive(bytes);
        }
    }

    /** Takes bytes, and the ownership of them. */
    void receive(ByteBuf bytes) {
        if (closed || isEnded()) {
            bytes.release();
        } else if (shutdown) {
            int size = bytes.readableBytes();
            bytes.release();
            credit(size);
        } else if (readRequested && waiting.isEmpty() && !delivering) {
            deliver(bytes);
        } else {
            hold(bytes);
        }
    }

    /** Takes note that the peer sends no more. */
    void finish() {
        if (!finished && !closed) {
            finished = true;
            endIfDrained();
        }
    }

    /** Takes note that the peer has reset the stream; what it sent before is delivered first. */
    void reset(YamuxStreamException cause) {
        if (reset == null && !closed) {
            reset = cause;
            endIfDrained();
        }
    }

    // --- from the channel

    /** Delivers what waits, or else what comes next. */
    void beginRead() {
        readRequested = true;
        drain();
    }

    void cancelRead() {
        readRequested = false;
    }

    /** Ends a read loop of the connection. */
    void readComplete() {
        if (readCompletePending && !closed) {
            fireReadComplete();
        }
        drain();
    }

    /** Drops what waits and what is still to come; the peer goes on getting credit, so that it can finish. */
    void shutdown() {
        if (!shutdown && !closed) {
            shutdown = true;
            int dropped = buffered;
            releaseWaiting();
            credit(dropped);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            endIfDrained();
        }
    }

    void close() {
        closed = true;
        shutdown = true;
        releaseWaiting();
    }

    /** Returns whether no more bytes will reach the pipeline. */
    boolean isShutdown() {
        return shutdown;
    }

    /** Returns whether the peer has ended its side, in one way or the other. */
    boolean isEnded() {
        return finished || reset != null;
    }

    /** Returns whether the peer has finished, and the pipeline knows. */
    boolean isDrained() {
        return finished && shutdown;
    }

    boolean isReset() {
        return reset != null;
    }

    int buffered() {
        return buffered;
    }

    // --- inside

    private void hold(ByteBuf bytes) {
        int size = bytes.readableBytes();
        try {
            while (bytes.isReadable()) {
                ByteBuf tail = waiting.peekLast();
                if (tail == null || tail.maxWritableBytes() == 0) {
                    int capacity = Math.min(Math.max(bytes.readableBytes(), SMALL_CHUNK), CHUNK);
                    tail = channel.alloc().buffer(capacity, CHUNK);
                    waiting.add(tail);
                }
                tail.writeBytes(bytes, Math.min(bytes.readableBytes(), tail.maxWritableBytes()));
            }
        } finally {
            bytes.release();
        }
        buffered += size;
        session.addBufferedBytes(size);
    }

    private void drain() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            do {
                deliverWaiting();
                completeRead();
            } while (readRequested && !waiting.isEmpty());
        } finally {
            delivering = false;
        }
        endIfDrained();
        session.flushUnlessReading();
    }

    private void deliverWaiting() {
        while (readRequested && !waiting.isEmpty()) {
            ByteBuf next = waiting.remove();
            int size = next.readableBytes();
            buffered -= size;
            session.addBufferedBytes(-size);
            deliver(next);
        }
    }

    private void deliver(ByteBuf bytes) {
        if (!channel.config().isAutoRead()) {
            readRequested = false; // one read, one message
        }
        if (!readCompletePending) {
            readCompletePending = true;
            if (session.isReading()) {
                session.completeReadLater(this);
            }
        }
        credit(bytes.readableBytes());
        channel.pipeline().fireChannelRead(bytes);
    }

    private void completeRead() {
        if (readCompletePending && !session.isReading()) {
            fireReadComplete();
        }
    }

    private void fireReadComplete() {
        readCompletePending = false;
        readRequested = false;
        channel.pipeline().fireChannelReadComplete();
    }

    private void endIfDrained() {
        if (closed || delivering || !waiting.isEmpty() || !isEnded()) {
            return;
        }
        if (readCompletePending) {
            fireReadComplete();
        }
        if (reset != null) {
            channel.fail(reset);
        } else if (!shutdown) {
            shutdown = true;
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
        channel.closeIfFinished();
    }

    private void credit(int consumed) {
        int update = window.release(consumed);
        if (update > 0 && !isEnded() && !session.isTerminated()) {
            session.sendControl(channel, YamuxFlags.NONE, update);
            session.flushUnlessReading();
        }
    }

    private void releaseWaiting() {
        for (ByteBuf next = waiting.poll(); next != null; next = waiting.poll()) {
            next.release();
        }
        int dropped = buffered;
        buffered = 0;
        session.addBufferedBytes(-dropped);
    }
}
