package io.kad.transport.netty.yamux;

import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.yamux.frame.FrameWriter;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Send buffer of a stream: writes wait until they are flushed, the remote peer has granted credit and the connection is
 * writable. A write completes when the connection has written its last byte; a progressive promise learns of the bytes before.
 *
 * <p>Confined to the event loop of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
final class StreamSendBuffer {

    private final YamuxStreamChannel channel;
    private final YamuxSession session;
    private final SendWindow window = new SendWindow();
    private final Queue<PendingWrite> writes = new ArrayDeque<>(1);

    private int flushedWrites;
    private long unframedBytes;
    private boolean queued;
    private @Nullable ChannelFuture lastFrame;
    private @Nullable ChannelPromise finPromise;
    private boolean finSent;
    private boolean finWritten;
    private @Nullable Throwable closeCause;
    private volatile boolean shutdown;

    StreamSendBuffer(YamuxStreamChannel channel, YamuxSession session) {
        this.channel = channel;
        this.session = session;
    }

    // --- called by the channel

    /** Adds a write; the ownership of its bytes passes to this buffer. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        int size = bytes.readableBytes();
        Throwable failure = chargeOrRefuse(size);
        if (failure != null) {
            bytes.release();
            promise.tryFailure(failure);
            return;
        }
        writes.add(new PendingWrite(bytes, promise, size));
        unframedBytes += size;
        channel.writability().addPendingBytes(size);
    }

    /** Flushes all writes so far. */
    void flush() {
        flushedWrites = writes.size();
        session.send(this);
    }

    /** Sends all writes so far and then half-closes the stream; the promise completes when that is written. */
    void shutdown(ChannelPromise promise) {
        if (closeCause != null) {
            promise.tryFailure(closeCause);
        } else if (finPromise == null) {
            finPromise = promise;
            shutdown = true;
            flush();
        } else if (promise != finPromise) {
            finPromise.addListener(first -> {
                if (first.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(first.cause());
                }
            });
        }
    }

    /** Drops all pending writes and fails their promises. */
    void close(Throwable cause) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        shutdown = true;
        for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
            write.bytes.release();
            write.ended = true;
            releaseIfDone(write);
            write.promise.tryFailure(cause);
        }
        flushedWrites = 0;
        unframedBytes = 0;
        if (finPromise != null && !finSent) {
            finPromise.tryFailure(cause);
        }
    }

    boolean isShutdown() {
        return shutdown;
    }

    boolean isFinSent() {
        return finSent;
    }

    boolean isFinWritten() {
        return finWritten;
    }

    // --- called by the connection

    /**
     * Adds credit of the remote peer.
     *
     * @throws YamuxConnectionException if the sum exceeds 32 bits
     */
    void addCredit(long bytes) throws YamuxConnectionException {
        window.add(bytes);
        if (bytes > 0) {
            channel.writability().setCondition(StreamWritability.WINDOW, true);
        }
    }

    /** Returns whether this buffer is queued for a turn to send. */
    boolean isQueued() {
        return queued;
    }

    void setQueued(boolean value) {
        queued = value;
    }

    /** Returns whether there is a frame to send, and credit for it. */
    boolean isReady() {
        if (closeCause != null) {
            return false;
        }
        PendingWrite next = writes.peek();
        if (next == null) {
            return finPromise != null && !finSent;
        }
        return flushedWrites > 0 && (!window.isEmpty() || !next.bytes.isReadable());
    }

    /** Sends one frame. */
    void sendOne(FrameWriter writer) {
        PendingWrite next = writes.peek();
        if (next == null) {
            sendFin();
        } else if (next.bytes.isReadable()) {
            sendData(writer, next);
        } else {
            completeEmptyWrite(next);
        }
    }

    private void sendData(FrameWriter writer, PendingWrite write) {
        int maxBytes = Math.min(write.bytes.readableBytes(), session.limits().maxFramePayload());
        int size = window.consume(maxBytes);
        unframedBytes -= size;
        boolean last = size == write.bytes.readableBytes();
        if (last) {
            dequeue();
            write.ended = true;
        }
        write.framesInFlight++;
        ByteBuf payload = last ? write.bytes : write.bytes.readRetainedSlice(size);
        if (window.isEmpty()) {
            channel.writability().setCondition(StreamWritability.WINDOW, false);
        }
        ChannelPromise written = channel.parent().newPromise();
        lastFrame = written;
        if (size == write.size) {
            written.addListener(write);
        } else {
            written.addListener(future -> frameWritten(write, size, last, future.cause()));
        }
        writer.writeData(channel.rawId(), channel.takeSynOrAck(), payload, written);
    }

    private void frameWritten(PendingWrite write, int size, boolean last, @Nullable Throwable cause) {
        channel.writability().removePendingBytes(size);
        write.framesInFlight--;
        releaseIfDone(write);
        if (cause != null) {
            session.onWriteFailed(cause); // first, so that the failed write is seen as the loss of the connection
            write.promise.tryFailure(cause);
            return;
        }
        session.onFrameWritten(size, last);
        if (last) {
            write.promise.trySuccess();
        } else {
            write.progress(size);
        }
    }

    /**
     * Releases a write once its last byte has left or was dropped. Until then its buffer is in memory as a whole, however little of
     * it is unsent.
     */
    private void releaseIfDone(PendingWrite write) {
        if (write.ended && write.framesInFlight == 0) {
            session.releaseWrite(write.size);
        }
    }

    /** Completes an empty write, which has no frame, after the writes before it. */
    private void completeEmptyWrite(PendingWrite write) {
        dequeue();
        write.bytes.release();
        write.ended = true;
        releaseIfDone(write);
        if (lastFrame == null || lastFrame.isDone()) {
            write.promise.trySuccess();
        } else {
            lastFrame.addListener(previous -> {
                if (previous.isSuccess()) {
                    write.promise.trySuccess();
                } else {
                    write.promise.tryFailure(previous.cause());
                }
            });
        }
    }

    private void sendFin() {
        finSent = true;
        if (!channel.isSynSent()) {
            // js-libp2p resets a stream that is opened and half-closed in one frame
            session.sendWindowUpdate(channel, YamuxFlags.NONE, 0);
        }
        session.sendWindowUpdate(channel, YamuxFlags.FIN, 0).addListener(future -> onFinWritten(future.cause()));
    }

    private void onFinWritten(@Nullable Throwable cause) {
        ChannelPromise promise = Objects.requireNonNull(finPromise);
        if (cause != null) {
            session.onWriteFailed(cause);
            promise.tryFailure(cause);
            return;
        }
        finWritten = true;
        promise.trySuccess();
        if (channel.isOpen()) {
            channel.pipeline().fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
            channel.closeIfFinished();
        }
    }

    private void dequeue() {
        writes.remove();
        flushedWrites--;
    }

    /** Charges the bytes of a write and returns null; returns the reason if it is refused. */
    private @Nullable Throwable chargeOrRefuse(int size) {
        if (closeCause != null) {
            return closeCause;
        }
        if (shutdown) {
            return new ChannelOutputShutdownException("output of the stream is shut down");
        }
        long limit = session.limits().maxQueuedWriteBytes();
        boolean negligible = unframedBytes <= session.limits().maxFramePayload(); // only a negotiation may be pending
        if (!negligible && unframedBytes + size > limit) {
            session.counters().countAndLog(LimitId.STREAM_SEND_BYTES, "refused a write of " + size + " bytes");
            return new StreamLimitException("pending writes of " + (unframedBytes + size)
                    + " bytes exceed the limit of " + limit + " per stream");
        }
        return session.tryChargeWrite(size)
                ? null
                : new StreamLimitException("pending writes exceed the limit of the connection");
    }

    /** Pending bytes and the promise of their write. */
    private final class PendingWrite implements ChannelFutureListener {

        final ByteBuf bytes;
        final ChannelPromise promise;
        final int size;
        int framesInFlight;
        private long written;

        /** Whether its last byte was passed to the connection, or it was dropped. */
        boolean ended;

        PendingWrite(ByteBuf bytes, ChannelPromise promise, int size) {
            this.bytes = bytes;
            this.promise = promise;
            this.size = size;
        }

        /** Called when the connection has written all of the bytes in one frame. */
        @Override
        public void operationComplete(ChannelFuture frame) {
            frameWritten(this, size, true, frame.cause());
        }

        /** Called when the connection has written a part of the bytes. */
        void progress(int bytes) {
            written += bytes;
            if (promise instanceof ChannelProgressivePromise progressive) {
                progressive.tryProgress(written, size);
            }
        }
    }
}
