package io.kad.transport.netty.quic;

import static java.util.Objects.requireNonNull;

import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.muxer.ConnectionLostException;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.EventRateLimiter;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.MuxerException;
import io.kad.transport.netty.muxer.StreamOpenQueue;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.muxer.WriteStallDetector;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.PromiseNotifier;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** QUIC connection with its streams; the last handler of its channel. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails there ends the connection, which is seen
final class QuicConnection extends ChannelDuplexHandler implements MuxedConnection {

    /** Attribute of the channel of a connection, under which its inbound streams find it. */
    static final AttributeKey<QuicConnection> ATTRIBUTE = AttributeKey.valueOf(QuicConnection.class, "connection");

    private static final Logger LOG = LoggerFactory.getLogger(QuicConnection.class);

    /**
     * Streams that end without the end of the remote direction before the connection takes no new ones: Netty keeps the channels of such streams,
     * about 1 KiB each, for as long as the connection lasts.
     */
    static final int MAX_RETAINED_STREAMS = 1024;

    private final QuicChannel channel;
    private final QuicLimits limits;
    private final ChannelHandler inbound;
    private final ConnectionBudget budget;
    private final StreamOpenQueue openQueue;
    private final EventRateLimiter resets;
    private final WriteStallDetector stalls;
    private final Probe probe;
    private final SocketAddress remote;
    private final Set<QuicStream> openStreams = new HashSet<>();
    private int inboundStreams;
    private int outboundStreams;
    private long openedStreams;
    private int retainedStreams;
    private boolean closing;
    private volatile int streams;
    private volatile boolean retired;
    private volatile boolean receivedStreamFrame;
    private volatile @Nullable ConnectionLostException failure;

    /**
     * Creates the connection of a channel whose remote peer is authenticated.
     *
     * @param inbound first handler of each inbound stream; sharable
     */
    QuicConnection(QuicChannel channel, QuicLimits limits, ChannelHandler inbound, ConnectionBudget budget) {
        this.channel = channel;
        this.remote = RemoteSocket.of(channel);
        this.limits = limits;
        this.inbound = inbound;
        this.budget = budget;
        this.openQueue = new StreamOpenQueue(
                channel.eventLoop(), limits.maxQueuedOpens(), limits.openTimeout(), this::hasCapacity, this::openNow);
        this.resets = new EventRateLimiter(limits.maxResetsPerMinute(), nanoTime());
        this.stalls = new WriteStallDetector(
                channel.eventLoop(),
                limits.writeTimeout(),
                () -> budget.sendBudget().unsentBytes() > 0,
                this::onWriteStalled);
        this.probe = new Probe(this, limits.silenceTimeout(), this::onSilent);
    }

    private long nanoTime() {
        return channel.eventLoop().ticker().nanoTime();
    }

    // --- MuxedConnection

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public Future<MuxedStream> openStream(ChannelHandler first) {
        Promise<MuxedStream> promise = channel.eventLoop().newPromise();
        EventLoops.runOn(
                channel.eventLoop(),
                () -> openQueue.submit(first, promise),
                rejected ->
                        promise.tryFailure(new ConnectionLostException("event loop has terminated", ErrorCode.NONE)));
        return promise;
    }

    private boolean hasCapacity() {
        // a stream beyond the credit of the remote peer would use up a number and fail
        return outboundStreams < limits.maxOutboundStreams()
                && channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0;
    }

    private void openNow(ChannelHandler first, Promise<MuxedStream> promise) {
        create(first, true, promise);
    }

    /** Opens a stream that is no use of the connection; returns false if there is no credit for one. */
    boolean openUncounted(ChannelHandler first) {
        boolean hasCredit = channel.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0;
        if (hasCredit) {
            create(first, false, channel.eventLoop().newPromise());
        }
        return hasCredit;
    }

    private void create(ChannelHandler first, boolean counted, Promise<MuxedStream> promise) {
        ChannelInitializer<QuicStreamChannel> initializer = new ChannelInitializer<>() {
            @Override
            protected void initChannel(QuicStreamChannel stream) {
                QuicStream.install(QuicConnection.this, stream, counted);
                stream.pipeline().addLast(first);
            }
        };
        channel.createStream(QuicStreamType.BIDIRECTIONAL, initializer).addListener(created -> {
            if (created.isSuccess()) {
                promise.trySuccess(MuxedStream.of((Channel) created.getNow()));
            } else {
                promise.tryFailure(reasonOf(created.cause()));
            }
        });
    }

    @Override
    public boolean isOpen() {
        return failure == null && !retired && channel.isActive();
    }

    @Override
    public Optional<String> endReason() {
        return Optional.ofNullable(failure).map(Throwable::getMessage);
    }

    @Override
    public int streamCount() {
        return streams;
    }

    @Override
    public long openedStreamCount() {
        return openedStreams;
    }

    @Override
    public boolean hasReceivedStreamFrame() {
        return receivedStreamFrame;
    }

    @Override
    public void probe() {
        EventLoops.runOn(channel.eventLoop(), probe::start, rejected -> {});
    }

    @Override
    public Future<Void> close(long code) {
        ErrorCode.check(code);
        return EventLoops.close(channel, () -> end("connection closed by the local peer", code));
    }

    // --- called by streams, on the event loop

    QuicLimits limits() {
        return limits;
    }

    ConnectionBudget budget() {
        return budget;
    }

    void count(LimitId limit, String effect) {
        budget.counters().countAndLog(limit, effect + " of the connection to " + remote);
    }

    /** Called when the remote peer has sent anything on a stream. */
    void onRemoteUsedStream() {
        receivedStreamFrame = true;
    }

    /** Called when so many bytes more wait to be sent. */
    void onCharged(int size) {
        stalls.written(budget.sendBudget().unsentBytes() > size);
    }

    /** Called when bytes were sent. */
    void onProgress() {
        stalls.progressed();
        budget.sendBudget().progressed();
    }

    /** Returns whether the local peer closes the connection, although its channel may be open for a while: its streams deliver nothing more. */
    boolean isClosing() {
        return closing;
    }

    /** Returns whether the connection has ended. */
    boolean isLost() {
        return failure != null || !channel.isActive();
    }

    /** Returns the failure of the connection, which has ended. */
    ConnectionLostException lost() {
        fail(channel.isTimedOut() ? "connection timed out: nothing was received" : "connection closed", ErrorCode.NONE);
        return requireNonNull(failure);
    }

    /** Returns the failure to report for one of Netty. */
    Throwable reasonOf(Throwable cause) {
        if (cause instanceof MuxerException) {
            return cause;
        }
        if (isLost()) {
            return lost();
        }
        // What is left is that the remote peer does not want the bytes
        return cause instanceof ClosedChannelException ? cause : new StreamResetException(ErrorCode.NONE);
    }

    void onStreamOpened(QuicStream stream) {
        openStreams.add(stream);
        if (stream.isCounted()) {
            openedStreams++;
            changeCount(stream, 1);
        }
    }

    private void changeCount(QuicStream stream, int change) {
        if (stream.isOutbound()) {
            outboundStreams += change;
        } else {
            inboundStreams += change;
        }
        streams = inboundStreams + outboundStreams;
    }

    void onStreamClosed(QuicStream stream) {
        openStreams.remove(stream);
        if (stream.isCounted()) {
            changeCount(stream, -1);
        }
        if (failure != null) {
            return;
        }
        if (!stream.isInputEnded()) {
            retainedStreams++;
        }
        if (!stream.isOutbound() && !stream.isWhole() && !resets.tryAcquire(nanoTime())) {
            count(LimitId.STREAM_RESETS_PER_MINUTE, "closed because of the resets");
            end(
                    "stream resets exceed the limit of " + limits.maxResetsPerMinute() + " per minute",
                    ErrorCode.RESOURCE_LIMIT);
            return;
        }
        retireIfWorn();
        openQueue.openPending();
    }

    /** Takes no new streams once Netty keeps too many old ones, and closes with the last stream. */
    private void retireIfWorn() {
        if (retainedStreams >= MAX_RETAINED_STREAMS && !retired) {
            retired = true;
            openQueue.close(
                    new ConnectionLostException("connection must be replaced after many resets", ErrorCode.NONE));
        }
        if (retired && (streams == 0 || retainedStreams >= 2 * MAX_RETAINED_STREAMS)) {
            end("connection replaced after many resets", ErrorCode.NONE);
        }
    }

    // --- handler

    /** Accepts an inbound stream. */
    void accept(QuicStreamChannel stream) {
        onRemoteUsedStream();
        QuicStream installed = QuicStream.install(this, stream, true);
        if (closing) {
            installed.refuse(lost());
        } else {
            stream.pipeline().addLast(inbound);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicStreamLimitChangedEvent) {
            openQueue.openPending();
        } else if (event instanceof QuicConnectionCloseEvent close) {
            fail(reason(close), close.error() & ErrorCode.MAX);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** Returns the words for a connection that the remote peer has closed. */
    static String reason(QuicConnectionCloseEvent close) {
        return "connection closed by the remote peer, " + (close.isApplicationClose() ? "code " : "transport error ")
                + close.error();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("{}: {}", this, cause.getMessage());
        end("connection failed: " + cause.getMessage(), ErrorCode.NONE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        LOG.debug("{}: {}", this, lost().getMessage());
        ctx.fireChannelInactive();
    }

    private void onWriteStalled() {
        count(LimitId.WRITE_TIMEOUT, "closed because of unsent bytes");
        end("remote peer does not read: no progress of unsent bytes", ErrorCode.NONE);
    }

    private void onSilent() {
        count(LimitId.SILENCE_TIMEOUT, "closed because of the silence");
        end("remote peer is silent", ErrorCode.NONE);
    }

    private void end(String reason, long code) {
        fail(reason, code);
        channel.close(true, (int) Math.min(code, Integer.MAX_VALUE), Unpooled.EMPTY_BUFFER);
    }

    /** Closes the connection, whoever wants it: at once, or once its congestion window has room for the packet that says so. */
    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (closing) {
            channel.closeFuture().addListener(new PromiseNotifier<>(promise));
            return;
        }
        closing = true;
        fail("connection closed by the local peer", ErrorCode.NONE);
        if (channel.isActive() && budget.sendBudget().unsentBytes() > 0) {
            List.copyOf(openStreams).forEach(stream -> stream.drain(lost()));
            LastAcknowledgements.await(channel, limits.closeTimeout(), () -> ctx.close(promise));
        } else {
            ctx.close(promise);
        }
    }

    /** Ends the connection for its streams: the first reason counts. */
    private void fail(String reason, long code) {
        if (failure == null) {
            ConnectionLostException cause = new ConnectionLostException(reason, code);
            failure = cause;
            stalls.stop();
            probe.stop();
            openQueue.close(cause);
        }
    }

    @Override
    public String toString() {
        return "connection to " + remote;
    }
}
