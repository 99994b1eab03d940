package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.FrameWriter;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of a stream: writes wait here until they are flushed, the peer gave credit and the connection is
 * writable. A write is done when the connection has written the last of its bytes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which says so
final class StreamSendBuffer {

    private final YamuxStreamChannel channel;
    private final YamuxSession session;
    private final SendWindow window = new SendWindow();
    private final Queue<PendingWrite> writes = new ArrayDeque<>();

    private int flushed;
    private long waitingBytes;
    private boolean queued;
    private @Nullable ChannelFuture lastFrame;
    private @Nullable ChannelPromise fin;
    private boolean finSent;
    private boolean finWritten;
    private @Nullable Throwable closed;
    private volatile boolean shutdown;

    StreamSendBuffer(YamuxStreamChannel channel, YamuxSession session) {
        this.channel = channel;
        this.session = session;
    }

    // --- from the channel

    /** Takes a write, and the ownership of its bytes. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        int size = bytes.readableBytes();
        Throwable refusal = refusal(size);
        if (refusal != null) {
            bytes.release();
            promise.tryFailure(refusal);
            return;
        }
        writes.add(new PendingWrite(bytes, promise));
        waitingBytes += size;
        channel.writability().add(size);
    }

    /** Lets go all writes so far. */
    void flush() {
        flushed = writes.size();
        session.send(this);
    }

    /** Sends all writes so far, and then the end of this side; the promise is done when that is written. */
    void shutdown(ChannelPromise promise) {
        if (closed != null) {
            promise.tryFailure(closed);
        } else if (fin == null) {
            fin = promise;
            shutdown = true;
            flush();
        } else if (promise != fin) {
            fin.addListener(first -> {
                if (first.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(first.cause());
                }
            });
        }
    }

    /** Drops all that waits. */
    void close(Throwable cause) {
        if (closed != null) {
            return;
        }
        closed = cause;
        shutdown = true;
        for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
            write.bytes.release();
            write.promise.tryFailure(cause);
        }
        flushed = 0;
        waitingBytes = 0;
        if (fin != null && !finSent) {
            fin.tryFailure(cause);
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

    // --- from the connection

    /**
     * Adds credit.
     *
     * @throws YamuxConnectionException if the sum does not fit into 32 bits
     */
    void addCredit(long bytes) throws YamuxConnectionException {
        window.add(bytes);
        if (bytes > 0) {
            channel.writability().set(StreamWritability.WINDOW, true);
        }
    }

    /** Returns whether it stands in line for a turn to send. */
    boolean isQueued() {
        return queued;
    }

    void queued(boolean value) {
        queued = value;
    }

    /** Returns whether it has a frame to send, and the credit for it. */
    boolean isReady() {
        if (closed != null) {
            return false;
        }
        PendingWrite next = writes.peek();
        if (next == null) {
            return fin != null && !finSent;
        }
        return flushed > 0 && (!window.isEmpty() || !next.bytes.isReadable());
    }

    /** Sends one frame. */
    void sendOne(FrameWriter writer) {
        PendingWrite next = writes.peek();
        if (next == null) {
            sendFin();
        } else if (next.bytes.isReadable()) {
            sendData(writer, next);
        } else {
            skipEmpty(next);
        }
    }

    private void sendData(FrameWriter writer, PendingWrite write) {
        int wanted = Math.min(write.bytes.readableBytes(), session.limits().maxFramePayload());
        int size = window.consume(wanted);
        waitingBytes -= size;
        boolean last = size == write.bytes.readableBytes();
        if (last) {
            dequeue();
        }
        ByteBuf payload = last ? write.bytes : write.bytes.readRetainedSlice(size);
        if (window.isEmpty()) {
            channel.writability().set(StreamWritability.WINDOW, false);
        }
        ChannelPromise written = channel.parent().newPromise();
        lastFrame = written;
        written.addListener(future -> frameWritten(write, size, last, future.cause()));
        writer.data(channel.id32(), channel.takeOpeningFlag(), payload, written);
    }

    private void frameWritten(PendingWrite write, int size, boolean last, @Nullable Throwable cause) {
        channel.writability().remove(size);
        if (cause != null) {
            write.promise.tryFailure(cause);
            session.onWriteFailed(cause);
        } else if (last) {
            write.promise.trySuccess();
        }
    }

    /** An empty write has no frame, but is not done before what was written ahead of it. */
    private void skipEmpty(PendingWrite write) {
        dequeue();
        write.bytes.release();
        if (lastFrame == null || lastFrame.isDone()) {
            write.promise.trySuccess();
        } else {
            lastFrame.addListener(ahead -> {
                if (ahead.isSuccess()) {
                    write.promise.trySuccess();
                } else {
                    write.promise.tryFailure(ahead.cause());
                }
            });
        }
    }

    private void sendFin() {
        finSent = true;
        if (!channel.isAnnounced()) {
            session.sendControl(channel, YamuxFlags.NONE, 0); // js resets a stream that opens and ends in one frame
        }
        session.sendControl(channel, YamuxFlags.FIN, 0).addListener(future -> finWritten(future.cause()));
    }

    private void finWritten(@Nullable Throwable cause) {
        ChannelPromise promise = Objects.requireNonNull(fin);
        if (cause != null) {
            promise.tryFailure(cause);
            session.onWriteFailed(cause);
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
        flushed--;
    }

    private @Nullable Throwable refusal(int size) {
        if (closed != null) {
            return closed;
        }
        if (shutdown) {
            return new ChannelOutputShutdownException("this side of the stream has ended");
        }
        if (size > session.limits().maxQueuedWriteBytes() - waitingBytes) {
            return YamuxStreamException.limit("too many bytes wait to be sent on the stream");
        }
        return null;
    }

    /** Bytes that wait, and who wants to know when they are sent. */
    private record PendingWrite(ByteBuf bytes, ChannelPromise promise) {}
}
