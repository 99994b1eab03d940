package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.kad.transport.netty.yamux.frame.YamuxFrame;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
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
 * One stream, as a channel of bytes ({@code ByteBuf} in both directions) whose parent is the connection.
 *
 * <ul>
 *   <li>{@link #shutdownOutput()} ends our side after the last byte written, and leaves the peer's side open.
 *   <li>The end of the peer's side arrives as a {@code ChannelInputShutdownEvent}, after its last byte; the channel stays
 *       open. It closes by itself once both sides have ended.
 *   <li>{@link #close()} before that resets the stream: bytes under way in either direction may be lost. So does {@link
 *       #reset(long)}, which gives the peer a reason.
 *   <li>A reset by the peer arrives as a {@link YamuxStreamException} in {@code exceptionCaught}, after the bytes that
 *       were sent before it; then the channel closes. The end of the connection arrives as a {@link
 *       YamuxConnectionException}.
 *   <li>Without {@code autoRead}, each {@link #read()} delivers one buffer. Bytes that are not read hold back the peer.
 *   <li>{@link #isWritable()} tells whether to write more; a write is done when the connection has written its bytes.
 * </ul>
 *
 * <p>All methods may be called from any thread; handlers run on the event loop of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which says so
public final class YamuxStreamChannel extends DefaultAttributeMap implements DuplexChannel {

    private static final Logger log = LoggerFactory.getLogger(YamuxStreamChannel.class);
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

    private int openingFlag;
    private boolean acknowledged;
    private volatile boolean registered;
    private volatile @Nullable YamuxException failure;

    YamuxStreamChannel(YamuxSession session, Channel parent, int id, boolean outbound) {
        this.session = session;
        this.parent = parent;
        this.id = id;
        this.outbound = outbound;
        openingFlag = outbound ? YamuxFlags.SYN : YamuxFlags.ACK;
        channelId = new StreamChannelId(parent.id(), id);
        writability = new StreamWritability(this);
        receiveBuffer = new StreamReceiveBuffer(this, session);
        sendBuffer = new StreamSendBuffer(this, session);
        unsafe = new StreamUnsafe(this);
        pipeline = new StreamPipeline(this);
        closePromise = pipeline.newPromise();
        config = new StreamConfig(this);
    }

    /** Returns the number of the stream on its connection, 1 to 2^32 - 1; odd if the dialler opened it. */
    public long streamId() {
        return Integer.toUnsignedLong(id);
    }

    /** Returns whether this side opened the stream. */
    public boolean isOutbound() {
        return outbound;
    }

    /** Tells the peer of a stream that this side opened now, instead of with the first bytes; once is enough. */
    public void announce() {
        onLoop(() -> {
            if (isOpen() && !isAnnounced()) {
                session.sendControl(this, YamuxFlags.NONE, 0);
                session.flushUnlessReading();
            }
        });
    }

    /**
     * Ends both sides of the stream at once.
     *
     * @param code the reason given to the peer, an unsigned 32-bit number; see {@link YamuxStreamException}
     * @throws IllegalArgumentException if the code is out of range
     */
    public ChannelFuture reset(long code) {
        if (code < 0 || code > YamuxFrame.MAX_LENGTH) {
            throw new IllegalArgumentException("code: " + code);
        }
        onLoop(() -> end(code));
        return closePromise;
    }

    /** Returns why the stream ended before its time; null if it has not, or this side closed it. */
    public @Nullable YamuxException failure() {
        return failure;
    }

    // --- what the session and the two sides of the stream call, on the event loop

    int id32() {
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

    /** Puts the first handler in place and brings the channel to life. */
    void start(ChannelHandler initializer) {
        pipeline.addLast(initializer);
        registered = true;
        pipeline.fireChannelRegistered();
        if (isActive()) {
            pipeline.fireChannelActive();
        }
    }

    /** Returns whether the peer knows of the stream. */
    boolean isAnnounced() {
        return openingFlag != YamuxFlags.SYN;
    }

    /** Returns the flag that the next frame must carry because it is the first one that we send. */
    int takeOpeningFlag() {
        int flag = openingFlag;
        openingFlag = YamuxFlags.NONE;
        return flag;
    }

    /** Notes that the peer took the stream or that it no longer matters, and returns whether that is news. */
    boolean acknowledge() {
        boolean first = !acknowledged;
        acknowledged = true;
        return first;
    }

    /** Ends the stream for a reason that its handlers shall know. */
    void fail(YamuxException cause) {
        if (isOpen() && failure == null) {
            failure = cause;
            pipeline.fireExceptionCaught(cause);
            end(YamuxStreamException.CODE_NONE);
        }
    }

    /** Closes the channel if there is nothing more to come in either direction. */
    void closeIfFinished() {
        if (sendBuffer.isFinWritten() && receiveBuffer.isDrained()) {
            end(YamuxStreamException.CODE_NONE);
        }
    }

    /** Ends the stream, with a reset if the peer would wait for more otherwise; a failure has a code of its own. */
    void end(long code) {
        if (!isOpen()) {
            return;
        }
        YamuxException cause = failure; // also if a handler that was told of it comes here first
        if (owesReset()) {
            session.sendControl(
                    this, YamuxFlags.RST, cause instanceof YamuxStreamException limit ? limit.code() : code);
        }
        receiveBuffer.close();
        sendBuffer.close(cause != null ? cause : new ClosedChannelException());
        closePromise.trySuccess();
        session.onStreamClosed(this);
        fireInactiveLater();
        session.flushUnlessReading();
    }

    private boolean owesReset() {
        boolean finishedBoth = sendBuffer.isFinSent() && receiveBuffer.isEnded();
        return isAnnounced() && !finishedBoth && !receiveBuffer.isReset() && !session.isTerminated();
    }

    /** Later, because the end may come from within a call of the handler that will be told. */
    private void fireInactiveLater() {
        try {
            eventLoop().execute(() -> {
                pipeline.fireChannelInactive();
                registered = false;
                pipeline.fireChannelUnregistered();
            });
        } catch (RejectedExecutionException e) {
            log.debug("{} not told of its end: the event loop is shut down", this);
        }
    }

    /** Runs a task on the event loop, now if this is it. */
    void onLoop(Runnable task) {
        if (eventLoop().inEventLoop()) {
            task.run();
        } else {
            eventLoop().execute(task);
        }
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

    /** Drops what the peer sends from now on, without holding it back. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        onLoop(() -> {
            receiveBuffer.shutdown();
            promise.trySuccess();
        });
        return promise;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** Sends what was written so far, flushed or not, and then ends our side. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        onLoop(() -> sendBuffer.shutdown(promise));
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        onLoop(() -> {
            receiveBuffer.shutdown();
            sendBuffer.shutdown(promise);
        });
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
