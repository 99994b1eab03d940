package io.kad.transport.netty.yamux;

import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.MuxerException;
import io.kad.transport.netty.muxer.ResetBehindUnreadBytes;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelId;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.DefaultAttributeMap;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stream of a connection, as a Netty channel of {@code ByteBuf}s whose parent is the connection.
 *
 * <ul>
 * <li>{@link #shutdownOutput()} half-closes the stream after the last written byte; the direction of the remote peer
 *    stays open.
 * <li>A half-close of the remote peer arrives as a {@code ChannelInputShutdownEvent}, after its last byte. The channel
 *    closes by itself once both directions have ended.
 * <li>{@link #close()} before that resets the stream: bytes in flight in either direction may be lost. So does {@link
 *    #reset(long)}, which sends a reason.
 * <li>A reset by the remote peer arrives as a {@link StreamResetException} in {@code exceptionCaught}, after the bytes
 *    sent before it; then the channel closes. If such bytes are unread, a {@link ResetBehindUnreadBytes} comes at once. The end of the
 *    connection arrives as a {@link YamuxConnectionException}.
 * <li>Without {@code autoRead}, each {@link #read()} delivers one buffer. Unread bytes exert back-pressure on the
 *    remote peer.
 * <li>{@link #isWritable()} returns whether to write more; a write completes when the connection has written its bytes.
 * </ul>
 *
 * <p>All methods may be called from any thread; handlers run on the event loop of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
public final class YamuxStreamChannel extends DefaultAttributeMap implements DuplexChannel, MuxedStream {

    private static final Logger LOG = LoggerFactory.getLogger(YamuxStreamChannel.class);
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final YamuxSession session;
    private final Channel parent;
    private final int id;
    private final boolean outbound;
    private final ChannelId channelId;
    private final StreamWritability writability;
    private final StreamReceiveBuffer receiveBuffer;
    private final StreamSendBuffer sendBuffer;
    private final StreamPipeline pipeline;
    private final StreamUnsafe unsafe;
    private final ChannelPromise closePromise;
    private final ChannelConfig config;

    private int unsentSynOrAck;
    private boolean acknowledged;
    private volatile boolean registered;
    private volatile @Nullable MuxerException failure;

    YamuxStreamChannel(YamuxSession session, Channel parent, int id, boolean outbound) {
        this.session = session;
        this.parent = parent;
        this.id = id;
        this.outbound = outbound;
        unsentSynOrAck = outbound ? YamuxFlags.SYN : YamuxFlags.ACK;
        channelId = new StreamChannelId(parent.id(), id);
        writability = new StreamWritability(this);
        receiveBuffer = new StreamReceiveBuffer(this, session);
        sendBuffer = new StreamSendBuffer(this, session);
        unsafe = new StreamUnsafe(this);
        pipeline = new StreamPipeline(this);
        closePromise = pipeline.newPromise();
        config = new StreamConfig(this);
    }

    /** Returns the stream ID, 1 to 2^32 - 1; odd if the dialer opened the stream. */
    public long streamId() {
        return Integer.toUnsignedLong(id);
    }

    /** Returns whether the local peer opened the stream. */
    public boolean isOutbound() {
        return outbound;
    }

    /**
     * Opens an outbound stream towards the remote peer immediately, instead of with its first bytes. Later calls have
     * no effect.
     */
    public void announce() {
        onLoop(() -> {
            if (isOpen() && !isSynSent()) {
                session.sendWindowUpdate(this, YamuxFlags.NONE, 0);
                session.flushUnlessReading();
            }
        });
    }

    /**
     * Resets the stream: ends both directions immediately.
     *
     * @param code reason sent to the remote peer, an unsigned 32-bit number
     * @throws IllegalArgumentException if the code is out of range
     */
    @Override
    public ChannelFuture reset(long code) {
        ErrorCode.check(code);
        return EventLoops.close(this, () -> closeOrReset(code));
    }

    /** Returns the failure that ended the stream; null if there was none, or the local peer closed it. */
    @Nullable
    MuxerException failure() {
        return failure;
    }

    // --- called by the session and by the buffers of the stream, on the event loop

    int rawId() {
        return id;
    }

    StreamReceiveBuffer receiveBuffer() {
        return receiveBuffer;
    }

    StreamSendBuffer sendBuffer() {
        return sendBuffer;
    }

    StreamWritability writability() {
        return writability;
    }

    /** Installs the first handler and activates the channel. */
    void start(ChannelHandler initializer) {
        pipeline.addLast(initializer);
        registered = true;
        pipeline.fireChannelRegistered();
        if (isActive()) {
            pipeline.fireChannelActive();
        }
    }

    /** Returns whether the remote peer was notified of the stream. */
    boolean isSynSent() {
        return unsentSynOrAck != YamuxFlags.SYN;
    }

    /** Returns the flag of the first sent frame, and {@link YamuxFlags#NONE} from then on. */
    int takeSynOrAck() {
        int flag = unsentSynOrAck;
        unsentSynOrAck = YamuxFlags.NONE;
        return flag;
    }

    /**
     * Records that the remote peer acknowledged the stream, or that it no longer matters; returns whether it was the
     * first time.
     */
    boolean acknowledge() {
        boolean first = !acknowledged;
        acknowledged = true;
        return first;
    }

    /** Ends the stream with a failure that its handlers receive. */
    void fail(MuxerException cause) {
        if (isOpen() && failure == null) {
            failure = cause;
            pipeline.fireExceptionCaught(cause);
            closeOrReset(ErrorCode.NONE);
        }
    }

    /** Closes the channel once both directions have ended. */
    void closeIfFinished() {
        if (sendBuffer.isFinWritten() && receiveBuffer.isFinDelivered()) {
            closeOrReset(ErrorCode.NONE);
        }
    }

    /**
     * Ends the stream, with a reset if the remote peer would otherwise wait for more. The code of a failure takes
     * precedence over {@code code}.
     */
    void closeOrReset(long code) {
        if (!isOpen()) {
            return;
        }
        MuxerException cause = failure; // also if a handler that received it calls this first
        boolean reset = needsReset();
        receiveBuffer.close(); // before the reset, which may exceed a limit and end all streams
        if (reset) {
            session.sendWindowUpdate(
                    this, YamuxFlags.RST, cause instanceof StreamLimitException limit ? limit.code() : code);
        }
        sendBuffer.close(cause != null ? cause : new StreamClosedException());
        closePromise.trySuccess();
        session.onStreamClosed(this);
        fireInactiveLater();
        if (reset && !outbound) {
            session.countReset(); // last, because it may end the connection
        }
        session.flushUnlessReading();
    }

    private boolean needsReset() {
        boolean finishedBoth = sendBuffer.isFinSent() && receiveBuffer.isRemoteEnded();
        return isSynSent() && !finishedBoth && !receiveBuffer.isReset() && !session.isTerminated();
    }

    /** Fires inactive later, because the end may happen within a call of a handler in the pipeline. */
    private void fireInactiveLater() {
        try {
            eventLoop().execute(() -> {
                pipeline.fireChannelInactive();
                registered = false;
                pipeline.fireChannelUnregistered();
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stream {} not notified of its end: the event loop has terminated", this);
        }
    }

    /** Runs a task on the event loop, immediately if the caller is on it; not at all if the event loop has terminated. */
    void onLoop(Runnable task) {
        EventLoops.runOn(eventLoop(), task, rejected -> {});
    }

    private void onLoop(Runnable task, ChannelPromise promise) {
        EventLoops.runOn(eventLoop(), task, promise);
    }

    // --- MuxedStream

    @Override
    public Channel channel() {
        return this;
    }

    /** Sends {@code last} after all earlier writes, and a half-close in a frame of its own behind it. */
    @Override
    public ChannelFuture writeAndFinish(ByteBuf last) {
        ChannelPromise finished = newPromise();
        EventLoops.runOn(eventLoop(), () -> writeAndFinish(last, finished), rejected -> {
            last.release();
            finished.tryFailure(new ClosedChannelException());
        });
        return finished;
    }

    private void writeAndFinish(ByteBuf last, ChannelPromise finished) {
        ChannelFuture written = writeAndFlush(last);
        if (written.cause() != null) {
            finished.tryFailure(written.cause()); // not half-closed: the remote peer would take the rest for all
        } else {
            sendBuffer.shutdown(finished);
        }
    }

    @Override
    public ChannelFuture finish() {
        return shutdownOutput();
    }

    @Override
    public boolean isFinished() {
        return sendBuffer.isShutdown();
    }

    // --- DuplexChannel

    @Override
    public boolean isInputShutdown() {
        return receiveBuffer.isShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return sendBuffer.isShutdown();
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** Drops received bytes from now on, without back-pressure. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onLoop(
                () -> {
                    receiveBuffer.shutdown();
                    promise.trySuccess();
                },
                promise);
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** Sends all written bytes, flushed or not, and then half-closes the stream. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        onLoop(() -> sendBuffer.shutdown(promise), promise);
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        onLoop(
                () -> {
                    receiveBuffer.shutdown();
                    sendBuffer.shutdown(promise);
                },
                promise);
        return promise;
    }

    // --- Channel

    @Override
    public ChannelId id() {
        return channelId;
    }

    @Override
    public EventLoop eventLoop() {
        return parent.eventLoop();
    }

    @Override
    public Channel parent() {
        return parent;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return !closePromise.isDone();
    }

    @Override
    public boolean isRegistered() {
        return registered;
    }

    @Override
    public boolean isActive() {
        return registered && isOpen();
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public SocketAddress localAddress() {
        return parent.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return parent.remoteAddress();
    }

    @Override
    public ChannelFuture closeFuture() {
        return closePromise;
    }

    @Override
    public boolean isWritable() {
        return writability.isWritable();
    }

    @Override
    public long bytesBeforeUnwritable() {
        return writability.bytesBeforeUnwritable();
    }

    @Override
    public long bytesBeforeWritable() {
        return writability.bytesBeforeWritable();
    }

    @Override
    public Unsafe unsafe() {
        return unsafe;
    }

    @Override
    public ChannelPipeline pipeline() {
        return pipeline;
    }

    @Override
    public int compareTo(Channel other) {
        return this == other ? 0 : channelId.compareTo(other.id());
    }

    @Override
    public String toString() {
        return parent + "/" + streamId();
    }
}
