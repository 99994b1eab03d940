package io.kad.transport.netty.yamux;

import io.kad.transport.netty.muxer.ResetBehindUnreadBytes;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Receive buffer of a stream: bytes go to the pipeline when it requests them, and only then return credit to the remote
 * peer.
 *
 * <p>Buffered bytes are copied together, because a slice would retain the whole buffer from which it was cut. Confined
 * to the event loop of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
final class StreamReceiveBuffer {

    private static final int CHUNK = 16 * 1024;
    private static final int SMALL_CHUNK = 512;

    private final YamuxStreamChannel channel;
    private final YamuxSession session;
    private final ReceiveWindow window = new ReceiveWindow();
    private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>(1);

    private int bufferedBytes;
    private boolean readRequested;
    private boolean readCompletePending;
    private boolean delivering;
    private boolean remoteFinReceived;
    private boolean closed;
    private @Nullable StreamResetException resetCause;
    private volatile boolean shutdown;

    StreamReceiveBuffer(YamuxStreamChannel channel, YamuxSession session) {
        this.channel = channel;
        this.session = session;
    }

    // --- called by the connection

    /**
     * Consumes receive window for an arriving payload.
     *
     * @throws YamuxConnectionException if the payload exceeds the window
     */
    void consumeWindow(long bytes) throws YamuxConnectionException {
        if (!isRemoteEnded()) {
            window.consume(bytes);
        }
    }

    /** Receives bytes, whose ownership passes to this buffer. */
    void receive(ByteBuf bytes) {
        if (closed || isRemoteEnded()) {
            bytes.release();
        } else if (shutdown) {
            int size = bytes.readableBytes();
            bytes.release();
            returnCredit(size);
        } else if (readRequested && buffers.isEmpty() && !delivering) {
            deliver(bytes);
        } else {
            buffer(bytes);
        }
    }

    /** Called when the remote peer has half-closed the stream. */
    void onRemoteFin() {
        if (!remoteFinReceived && !closed) {
            remoteFinReceived = true;
            notifyEndIfDrained();
        }
    }

    /**
     * Called when the remote peer has reset the stream. Bytes received before are delivered first, because they may be a whole response; a
     * {@link ResetBehindUnreadBytes} says at once that the reset follows.
     */
    void onRemoteReset(StreamResetException cause) {
        if (resetCause == null && !closed) {
            resetCause = cause;
            if (!buffers.isEmpty()) {
                channel.pipeline().fireUserEventTriggered(ResetBehindUnreadBytes.INSTANCE);
            }
            notifyEndIfDrained();
        }
    }

    // --- called by the channel

    /** Delivers buffered bytes, or otherwise those that arrive next. */
    void beginRead() {
        readRequested = true;
        drain();
    }

    void cancelRead() {
        readRequested = false;
    }

    /** Called at the end of a read loop of the connection. */
    void onReadComplete() {
        if (readCompletePending && !closed) {
            fireReadComplete();
        }
        drain();
    }

    /** Drops buffered and later bytes; the remote peer still gets credit, so that it can finish. */
    void shutdown() {
        if (!shutdown && !closed) {
            shutdown = true;
            int dropped = bufferedBytes;
            releaseBuffers();
            returnCredit(dropped);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            notifyEndIfDrained();
        }
    }

    void close() {
        closed = true;
        shutdown = true;
        releaseBuffers();
    }

    /** Returns whether no further bytes will reach the pipeline. */
    boolean isShutdown() {
        return shutdown;
    }

    /** Returns whether the remote peer has half-closed or reset the stream. */
    boolean isRemoteEnded() {
        return remoteFinReceived || resetCause != null;
    }

    /** Returns whether the remote peer has half-closed the stream and the pipeline was notified. */
    boolean isFinDelivered() {
        return remoteFinReceived && shutdown;
    }

    boolean isReset() {
        return resetCause != null;
    }

    int bufferedBytes() {
        return bufferedBytes;
    }

    // --- implementation

    private void buffer(ByteBuf bytes) {
        int size = bytes.readableBytes();
        try {
            while (bytes.isReadable()) {
                ByteBuf tail = buffers.peekLast();
                if (tail == null || tail.maxWritableBytes() == 0) {
                    int capacity = Math.min(Math.max(bytes.readableBytes(), SMALL_CHUNK), CHUNK);
                    tail = channel.alloc().buffer(capacity, CHUNK);
                    buffers.add(tail);
                }
                tail.writeBytes(bytes, Math.min(bytes.readableBytes(), tail.maxWritableBytes()));
            }
        } finally {
            bytes.release();
        }
        bufferedBytes += size;
        session.chargeBufferedBytes(size);
    }

    private void drain() {
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            do {
                deliverBuffered();
                fireReadCompleteUnlessReading();
            } while (readRequested && !buffers.isEmpty());
        } finally {
            delivering = false;
        }
        notifyEndIfDrained();
        session.flushUnlessReading();
    }

    private void deliverBuffered() {
        while (readRequested && !buffers.isEmpty()) {
            ByteBuf next = buffers.remove();
            int size = next.readableBytes();
            bufferedBytes -= size;
            session.releaseBufferedBytes(size);
            deliver(next);
        }
    }

    private void deliver(ByteBuf bytes) {
        if (!channel.config().isAutoRead()) {
            readRequested = false; // one read, one message
        }
        if (!readCompletePending) {
            readCompletePending = true;
            if (session.isInReadLoop()) {
                session.addAwaitingReadComplete(this);
            }
        }
        returnCredit(bytes.readableBytes());
        channel.pipeline().fireChannelRead(bytes);
    }

    private void fireReadCompleteUnlessReading() {
        if (readCompletePending && !session.isInReadLoop()) {
            fireReadComplete();
        }
    }

    private void fireReadComplete() {
        readCompletePending = false;
        readRequested = false;
        channel.pipeline().fireChannelReadComplete();
    }

    private void notifyEndIfDrained() {
        if (closed || delivering || !buffers.isEmpty() || !isRemoteEnded()) {
            return;
        }
        if (readCompletePending) {
            fireReadComplete();
        }
        if (resetCause != null) {
            channel.fail(resetCause);
        } else if (!shutdown) {
            shutdown = true;
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        }
        channel.closeIfFinished();
    }

    private void returnCredit(int consumed) {
        int update = window.takeUpdate(consumed);
        if (update > 0 && !isRemoteEnded() && !session.isTerminated()) {
            session.sendWindowUpdate(channel, YamuxFlags.NONE, update);
            session.flushUnlessReading();
        }
    }

    private void releaseBuffers() {
        for (ByteBuf next = buffers.poll(); next != null; next = buffers.poll()) {
            next.release();
        }
        int dropped = bufferedBytes;
        bufferedBytes = 0;
        session.releaseBufferedBytes(dropped);
    }
}
