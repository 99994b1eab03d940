package io.kad.transport.netty.quic;

import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.SendBudget;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamFrame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Writes of a stream that wait to be sent: joined into parts of up to {@value #MAX_PART_BYTES} bytes, one of which Netty has at a time, so that
 * small writes share a packet and the end of the stream leaves with the last bytes. Whole parts leave before a flush, so that Netty's channel is
 * writable only while this queue has less than one. Confined to the event loop of the connection.
 *
 * <p>An end without bytes leaves from a task of its own. Netty's QUIC loses it if it is sent within the reading of packets of which a later one
 * acknowledges all bytes before it.
 */
final class SendQueue {

    /**
     * Largest part, in bytes; a {@link ChannelProgressivePromise} learns of each, and each is progress: a remote peer that reads a part in the
     * write timeout is slow, not stalled.
     */
    static final int MAX_PART_BYTES = 16 * 1024;

    /** Pending bytes of a stream that do not prevent one large write: those of a negotiation before it. */
    private static final int NEXT_TO_NOTHING = 16 * 1024;

    private final QuicConnection connection;
    private final Queue<PendingWrite> writes = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private long pendingBytes;
    private boolean partInFlight;
    private boolean finScheduled;
    private @Nullable ChannelPromise fin;
    private boolean finWritten;
    private @Nullable Throwable closeCause;
    private volatile boolean finished;

    SendQueue(QuicConnection connection) {
        this.connection = connection;
    }

    /** Write whose bytes have not all left. */
    private static final class PendingWrite {

        final ByteBuf bytes;
        final ChannelPromise promise;
        final int size;

        PendingWrite(ByteBuf bytes, ChannelPromise promise) {
            this.bytes = bytes;
            this.promise = promise;
            this.size = bytes.readableBytes();
        }
    }

    /** A write of which some bytes, or the last ones, are in a part. */
    private record Share(PendingWrite write, int sentBytes) {

        boolean isLast() {
            return sentBytes == write.size;
        }
    }

    void start(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Adds a write, whose bytes pass to this queue; its promise fails if a limit does not allow it. */
    void write(ByteBuf bytes, ChannelPromise promise) {
        Throwable failure = chargeOrRefuse(bytes.readableBytes());
        if (failure == null) {
            writes.add(new PendingWrite(bytes, promise));
            pendingBytes += bytes.readableBytes();
            sendWholeParts();
        } else {
            bytes.release();
            promise.tryFailure(failure);
        }
    }

    /** Charges the bytes of a write and returns null; returns the reason if it is refused. */
    private @Nullable Throwable chargeOrRefuse(int size) {
        if (closeCause != null) {
            return closeCause;
        }
        if (finished) {
            return new ChannelOutputShutdownException("output of the stream is shut down");
        }
        long limit = connection.limits().maxQueuedWriteBytes();
        boolean negligible = pendingBytes <= NEXT_TO_NOTHING;
        if (!negligible && pendingBytes + size > limit) {
            connection.count(LimitId.STREAM_SEND_BYTES, "refused a write of " + size + " bytes");
            return new StreamLimitException("pending writes of " + (pendingBytes + size) + " bytes exceed the limit of "
                    + limit + " per stream");
        }
        if (!budget().tryCharge(size)) {
            return new StreamLimitException("pending writes exceed the limit of the connection");
        }
        connection.onCharged(size);
        return null;
    }

    private SendBudget budget() {
        return connection.budget().sendBudget();
    }

    /** Ends the stream behind all writes; the promise completes when that is sent. */
    void finish(ChannelPromise promise) {
        ChannelPromise first = fin;
        if (first != null) {
            follow(first, promise);
        } else if (closeCause != null) {
            promise.tryFailure(closeCause);
        } else {
            fin = promise;
            finished = true;
            send();
        }
    }

    private static void follow(ChannelFuture first, ChannelPromise promise) {
        if (promise != first) {
            first.addListener(done -> {
                if (done.isSuccess()) {
                    promise.trySuccess();
                } else {
                    promise.tryFailure(done.cause());
                }
            });
        }
    }

    /** Returns whether the end was requested, or the stream has ended. May be called from any thread. */
    boolean isFinished() {
        return finished;
    }

    /** Returns whether the end was sent. */
    boolean isFinWritten() {
        return finWritten;
    }

    /** Sends as much as the remote peer has credit for. */
    void send() {
        ChannelHandlerContext ctx = context;
        while (ctx != null && !partInFlight && closeCause == null) {
            if (!writes.isEmpty()) {
                sendPart(ctx);
            } else if (fin != null && !finWritten) {
                scheduleFin(ctx);
                return;
            } else {
                return;
            }
        }
    }

    /** Sends whole parts, until Netty has one that it cannot send: its channel is then not writable. */
    private void sendWholeParts() {
        ChannelHandlerContext ctx = context;
        while (ctx != null && !partInFlight && closeCause == null && pendingBytes >= MAX_PART_BYTES) {
            sendPart(ctx);
        }
    }

    private void sendPart(ChannelHandlerContext ctx) {
        List<Share> shares = new ArrayList<>(2);
        ByteBuf part = take(ctx.alloc(), shares);
        boolean last = writes.isEmpty() && fin != null && part.isReadable();
        Object message = last ? new DefaultQuicStreamFrame(part, true) : part;
        ChannelPromise sent = ctx.newPromise();
        partInFlight = true;
        ctx.write(message, sent);
        if (sent.isDone()) {
            onPartSent(shares, last, sent.cause());
        } else {
            sent.addListener(done -> {
                onPartSent(shares, last, done.cause());
                send();
            });
        }
    }

    /** Takes the next part from the writes: a slice of one that is a part by itself, and otherwise a copy of several. */
    private ByteBuf take(ByteBufAllocator allocator, List<Share> shares) {
        int size = (int) Math.min(pendingBytes, MAX_PART_BYTES);
        ByteBuf first = writes.element().bytes;
        if (first.readableBytes() >= size && first.hasMemoryAddress()) { // Netty copies what is not direct
            ByteBuf slice = first.readRetainedSlice(size);
            shares.add(taken(size));
            return slice;
        }
        ByteBuf part = allocator.directBuffer(Math.max(1, size));
        while (!writes.isEmpty() && (part.readableBytes() < size || size == 0)) {
            ByteBuf bytes = writes.element().bytes;
            int taken = Math.min(bytes.readableBytes(), size - part.readableBytes());
            part.writeBytes(bytes, taken);
            shares.add(taken(taken));
        }
        return part;
    }

    /** Accounts for bytes of the first write that are in a part; it leaves this queue with its last ones. */
    private Share taken(int bytes) {
        PendingWrite write = writes.element();
        pendingBytes -= bytes;
        int left = write.bytes.readableBytes();
        if (left == 0) {
            write.bytes.release();
            writes.remove();
        }
        return new Share(write, write.size - left);
    }

    private void onPartSent(List<Share> shares, boolean last, @Nullable Throwable cause) {
        partInFlight = false;
        Throwable failure = cause == null ? null : connection.reasonOf(cause);
        for (Share share : shares) {
            if (share.isLast()) {
                budget().release(share.write.size);
                complete(share.write.promise, failure);
            } else if (failure == null && share.write.promise instanceof ChannelProgressivePromise progressive) {
                progressive.tryProgress(share.sentBytes, share.write.size);
            }
        }
        if (failure == null) {
            connection.onProgress();
            if (last) {
                onFinWritten();
            }
        } else {
            close(failure);
        }
    }

    private static void complete(ChannelPromise promise, @Nullable Throwable failure) {
        if (failure == null) {
            promise.trySuccess();
        } else {
            promise.tryFailure(failure);
        }
    }

    private void scheduleFin(ChannelHandlerContext ctx) {
        if (!finScheduled) {
            finScheduled = true;
            EventLoops.runLater(ctx.executor(), () -> {
                if (closeCause == null && !finWritten) {
                    sendFin(ctx);
                }
            });
        }
    }

    private void sendFin(ChannelHandlerContext ctx) {
        ctx.write(QuicStreamFrame.EMPTY_FIN).addListener(sent -> {
            if (sent.isSuccess()) {
                onFinWritten();
            } else {
                close(connection.reasonOf(sent.cause()));
            }
        });
    }

    private void onFinWritten() {
        finWritten = true;
        ChannelPromise promise = fin;
        if (promise != null) {
            promise.trySuccess();
        }
    }

    /** Drops all writes and fails their promises, and all later writes. */
    void close(Throwable cause) {
        if (closeCause != null) {
            return;
        }
        closeCause = cause;
        finished = true;
        for (PendingWrite write = writes.poll(); write != null; write = writes.poll()) {
            write.bytes.release();
            budget().release(write.size);
            write.promise.tryFailure(cause);
        }
        pendingBytes = 0;
        ChannelPromise promise = fin;
        if (promise != null) {
            promise.tryFailure(cause);
        }
    }
}
