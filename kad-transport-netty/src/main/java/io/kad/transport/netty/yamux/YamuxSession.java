package io.kad.transport.netty.yamux;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.EventRateLimiter;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.MuxerException;
import io.kad.transport.netty.muxer.StreamLimitException;
import io.kad.transport.netty.muxer.StreamOpenQueue;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.muxer.WriteStallDetector;
import io.kad.transport.netty.yamux.frame.FrameDecoder;
import io.kad.transport.netty.yamux.frame.FrameWriter;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.kad.transport.netty.yamux.frame.YamuxFrameType;
import io.kad.transport.netty.yamux.frame.YamuxHeader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * State of one connection: routes frames to streams, opens and accepts streams, and closes all of them together.
 * Confined to the event loop of the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
final class YamuxSession implements FrameDecoder.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(YamuxSession.class);

    /**
     * Smallest frame that counts as progress, unless it ends a write: a remote peer that grants credit byte by byte must not look like one that reads.
     */
    private static final int MIN_PROGRESS_BYTES = 1024;

    private final ChannelHandlerContext ctx;
    private final YamuxLimits limits;
    private final ChannelHandler inboundInitializer;
    private final StreamTable streams;
    private volatile boolean receivedStreamFrame;
    private final FrameDecoder decoder = new FrameDecoder(this);
    private final FrameWriter writer;
    private final WriteScheduler scheduler;
    private final StreamOpenQueue openQueue;
    private final Pinger pinger;
    private final EventRateLimiter resetLimiter;
    private final ConnectionBudget budget;
    private final WriteStallDetector stallDetector;
    private final Queue<StreamReceiveBuffer> awaitingReadComplete = new ArrayDeque<>();

    private long bufferedBytes;
    private boolean inReadLoop;
    private volatile @Nullable MuxerException failure;

    /** Stream of the payload that is being received; null if the payload is dropped. */
    private @Nullable YamuxStreamChannel payloadTarget;

    private int payloadFlags;

    YamuxSession(
            ChannelHandlerContext ctx,
            boolean initiator,
            YamuxLimits limits,
            ChannelHandler inboundInitializer,
            ConnectionBudget budget) {
        this.ctx = ctx;
        this.limits = limits;
        this.budget = budget;
        this.inboundInitializer = inboundInitializer;
        streams = new StreamTable(initiator);
        writer = new FrameWriter(ctx, limits.maxQueuedControlFrames(), this::onControlOverflow);
        scheduler = new WriteScheduler(writer);
        openQueue = new StreamOpenQueue(
                ctx.executor(), limits.maxQueuedOpens(), limits.openTimeout(), this::hasCapacity, this::openNow);
        pinger = new Pinger(ctx.executor(), limits, () -> !writer.isWritable(), this::sendPing, this::onSilent);
        stallDetector = new WriteStallDetector(
                ctx.executor(),
                limits.writeTimeout(),
                () -> budget.sendBudget().unsentBytes() > 0,
                this::onWriteStalled);
        resetLimiter = new EventRateLimiter(limits.maxResetsPerMinute(), nanoTime());
        pinger.start();
    }

    // --- called by the handler

    void open(ChannelHandler initializer, Promise<MuxedStream> promise) {
        openQueue.submit(initializer, promise);
    }

    Future<Duration> ping() {
        return pinger.ping();
    }

    void onReceived() {
        pinger.onReceived();
    }

    /** Tests whether the remote peer is there. */
    void probe() {
        if (failure == null) {
            pinger.probe();
        }
    }

    int streamCount() {
        return streams.size();
    }

    long openedStreamCount() {
        return streams.openedCount();
    }

    /** Reads from the connection; the caller keeps the ownership of the buffer. */
    void read(ByteBuf in) {
        inReadLoop = true;
        onReceived();
        try {
            decoder.decode(in);
        } catch (YamuxConnectionException e) {
            LOG.debug("closing connection {}: {}", ctx.channel(), e.getMessage());
            fail(e);
        } catch (RuntimeException e) {
            LOG.warn("closing connection {}: failed to handle a frame", ctx.channel(), e);
            fail(YamuxConnectionException.internalError(e));
        }
    }

    /**
     * Called at the end of a read loop: notifies the streams that received bytes, then flushes all their responses
     * together.
     */
    void readComplete() {
        for (StreamReceiveBuffer receiveBuffer = awaitingReadComplete.poll();
                receiveBuffer != null;
                receiveBuffer = awaitingReadComplete.poll()) {
            receiveBuffer.onReadComplete();
        }
        inReadLoop = false;
        writer.flush();
    }

    void writabilityChanged() {
        boolean writable = writer.isWritable();
        for (YamuxStreamChannel stream : streams.all()) {
            stream.writability().setCondition(StreamWritability.CONNECTION, writable);
        }
        scheduler.run();
        flushUnlessReading();
    }

    /** Sends a go-away frame and closes all streams; the caller then closes the connection. */
    void goAway(long code) {
        if (failure == null) {
            YamuxConnectionException cause = YamuxConnectionException.closedLocally(code);
            failure = cause; // first, because sending may fail too
            sendGoAway(code);
            closeStreams(cause);
        }
    }

    /** Called when the connection is lost; closes all streams. */
    void connectionLost(String reason) {
        if (failure == null) {
            YamuxConnectionException cause = YamuxConnectionException.closed(reason);
            failure = cause;
            closeStreams(cause);
        }
    }

    // --- called by the streams

    FrameWriter writer() {
        return writer;
    }

    YamuxLimits limits() {
        return limits;
    }

    LimitCounters counters() {
        return budget.counters();
    }

    /** Charges bytes that are written to a stream; returns false, and charges nothing, if the connection has no room for them. */
    boolean tryChargeWrite(int bytes) {
        boolean othersWait = budget.sendBudget().unsentBytes() > 0;
        boolean accepted = budget.sendBudget().tryCharge(bytes);
        if (accepted) {
            stallDetector.written(othersWait);
        }
        return accepted;
    }

    /** Releases a write that has left, or was dropped, as a whole. */
    void releaseWrite(int bytes) {
        budget.sendBudget().release(bytes);
    }

    /**
     * Called when the socket has taken a frame with payload.
     *
     * @param last whether it was the last frame of a write
     */
    void onFrameWritten(int bytes, boolean last) {
        if (last || bytes >= MIN_PROGRESS_BYTES) {
            stallDetector.progressed();
            budget.sendBudget().progressed();
            pinger.onDataSent();
        }
    }

    /** Returns the failure that ended the connection; null while it is open. May be called from any thread. */
    @Nullable
    MuxerException failure() {
        return failure;
    }

    boolean isTerminated() {
        return failure != null;
    }

    /** Returns whether further frames may follow in this read loop, so that flushing can wait. */
    boolean isInReadLoop() {
        return inReadLoop;
    }

    void addAwaitingReadComplete(StreamReceiveBuffer receiveBuffer) {
        awaitingReadComplete.add(receiveBuffer);
    }

    /** Sends the pending frames of a stream, as far as the connection accepts them. */
    void send(StreamSendBuffer sendBuffer) {
        if (failure == null) {
            scheduler.schedule(sendBuffer);
            flushUnlessReading();
        }
    }

    ChannelFuture sendWindowUpdate(YamuxStreamChannel stream, int flags, long length) {
        return writer.writeControl(YamuxFrameType.WINDOW_UPDATE, flags | stream.takeSynOrAck(), stream.rawId(), length);
    }

    /** Flushes, unless a read loop is active, whose end flushes. */
    void flushUnlessReading() {
        if (!inReadLoop) {
            writer.flush();
        }
    }

    void onStreamClosed(YamuxStreamChannel stream) {
        streams.remove(stream);
        if (failure == null) {
            openQueue.openPending();
        }
    }

    /** Charges unread bytes of a stream; resets the fullest stream if the limit of the connection is exceeded. */
    void chargeBufferedBytes(int bytes) {
        bufferedBytes += bytes;
        budget.receiveAccount().charge(bytes);
        resetFullestIfExceeded();
    }

    /** Releases unread bytes of a stream, which were delivered or dropped. */
    void releaseBufferedBytes(int bytes) {
        bufferedBytes -= bytes;
        budget.receiveAccount().release(bytes);
        resetFullestIfExceeded();
    }

    private void resetFullestIfExceeded() {
        while (bufferedBytes > limits.maxBufferedBytes()) {
            YamuxStreamChannel fullest = streams.fullest();
            if (fullest == null || fullest.receiveBuffer().bufferedBytes() == 0 || fullest.failure() != null) {
                return; // a stream that is failing releases its bytes, and the limit is then checked again
            }
            String message = "unread bytes exceed the limit of " + limits.maxBufferedBytes() + " per connection";
            LOG.debug("resetting stream {}: {}", fullest, message);
            budget.counters().countAndLog(LimitId.CONNECTION_RECEIVE_BYTES, "reset stream " + fullest + ": " + message);
            fullest.fail(new StreamLimitException(message));
        }
    }

    /**
     * Called when a write failed. The connection is closed, because a frame is missing and the remote peer cannot
     * interpret the following ones.
     */
    void onWriteFailed(Throwable cause) {
        LOG.debug("closing connection {}: write failed: {}", ctx.channel(), cause.toString());
        fail(YamuxConnectionException.closed("connection lost: " + cause));
    }

    // --- frames

    @Override
    public boolean isOpen() {
        return failure == null;
    }

    @Override
    public void onFrame(YamuxHeader frame) throws YamuxConnectionException {
        switch (frame.type()) {
            case DATA -> onData(frame);
            case WINDOW_UPDATE -> onWindowUpdate(frame);
            case PING -> onPing(frame);
            case GO_AWAY -> onGoAway(frame);
        }
    }

    /** Returns whether a frame of a stream was received. May be called from any thread. */
    boolean hasReceivedStreamFrame() {
        return receivedStreamFrame;
    }

    private void onData(YamuxHeader frame) throws YamuxConnectionException {
        receivedStreamFrame = true;
        YamuxStreamChannel stream = route(frame);
        payloadTarget = stream;
        payloadFlags = frame.flags();
        if (stream != null && !frame.has(YamuxFlags.RST)) {
            stream.receiveBuffer().consumeWindow(frame.length());
        }
    }

    @Override
    public void onPayload(ByteBuf part) {
        if (payloadTarget == null || YamuxFlags.has(payloadFlags, YamuxFlags.RST)) {
            part.release();
        } else {
            payloadTarget.receiveBuffer().receive(part);
        }
    }

    @Override
    public void onPayloadEnd() {
        YamuxStreamChannel stream = payloadTarget;
        payloadTarget = null;
        if (stream != null) {
            applyEndFlags(stream, payloadFlags, ErrorCode.NONE);
        }
    }

    private void onWindowUpdate(YamuxHeader frame) throws YamuxConnectionException {
        receivedStreamFrame = true;
        YamuxStreamChannel stream = route(frame);
        if (stream == null) {
            return;
        }
        if (!frame.has(YamuxFlags.RST)) { // otherwise the length is the reset code
            stream.sendBuffer().addCredit(frame.length());
            send(stream.sendBuffer());
        }
        applyEndFlags(stream, frame.flags(), frame.length());
    }

    private void applyEndFlags(YamuxStreamChannel stream, int flags, long resetCode) {
        if (YamuxFlags.has(flags, YamuxFlags.FIN)) {
            stream.receiveBuffer().onRemoteFin();
        }
        if (YamuxFlags.has(flags, YamuxFlags.RST) && stream.isOpen()) {
            StreamResetException cause = new StreamResetException(resetCode);
            stream.sendBuffer().close(cause);
            stream.receiveBuffer().onRemoteReset(cause);
            if (!stream.isOutbound()) {
                countReset();
            }
        }
    }

    private void onPing(YamuxHeader frame) {
        if (frame.has(YamuxFlags.SYN)) {
            writer.writeControl(YamuxFrameType.PING, YamuxFlags.ACK, 0, frame.length());
        } else if (frame.has(YamuxFlags.ACK)) {
            pinger.onPong(frame.length());
        }
    }

    private void onGoAway(YamuxHeader frame) {
        LOG.debug("closing connection {}: go-away from the remote peer, code {}", ctx.channel(), frame.length());
        YamuxConnectionException cause = YamuxConnectionException.goAway(frame.length());
        failure = cause;
        closeStreams(cause);
        ctx.close();
    }

    /** Returns the stream of a frame, which the frame may open; null if there is none. */
    private @Nullable YamuxStreamChannel route(YamuxHeader frame) throws YamuxConnectionException {
        int id = frame.streamId();
        YamuxStreamChannel stream = streams.get(id);
        if (frame.has(YamuxFlags.SYN)) {
            if (stream != null || !streams.isRemoteId(id)) {
                throw YamuxConnectionException.protocolError(
                        "invalid ID of a new stream: " + Integer.toUnsignedString(id));
            }
            return acceptStream(id);
        }
        if (stream == null || !stream.isSynSent()) {
            return null;
        }
        if (frame.has(YamuxFlags.ACK) && stream.isOutbound() && streams.acknowledge(stream)) {
            openQueue.openPending();
        }
        return stream;
    }

    // --- opening of streams

    private @Nullable YamuxStreamChannel acceptStream(int id) {
        if (streams.inboundCount() >= limits.maxInboundStreams()) {
            count(LimitId.INBOUND_STREAMS, "reset a new stream of connection");
            writer.writeControl(YamuxFrameType.WINDOW_UPDATE, YamuxFlags.RST, id, ErrorCode.RESOURCE_LIMIT);
            countReset();
            return null;
        }
        YamuxStreamChannel stream = new YamuxStreamChannel(this, ctx.channel(), id, false);
        streams.add(stream);
        stream.start(inboundInitializer);
        return stream;
    }

    private boolean hasCapacity() {
        return streams.outboundCount() < limits.maxOutboundStreams()
                && streams.unackedCount() < limits.maxUnackedStreams()
                && streams.hasNextId();
    }

    private void openNow(ChannelHandler initializer, Promise<MuxedStream> promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        YamuxStreamChannel stream = new YamuxStreamChannel(this, ctx.channel(), streams.allocateId(), true);
        streams.add(stream);
        stream.start(initializer);
        if (stream.isOpen()) {
            promise.trySuccess(stream);
        } else {
            promise.tryFailure(new ClosedChannelException()); // its handler closed it
        }
    }

    // --- closing

    /** Counts an inbound stream that was refused, or reset by either peer; closes the connection if there are too many. */
    void countReset() {
        if (failure == null && !resetLimiter.tryAcquire(nanoTime())) {
            count(LimitId.STREAM_RESETS_PER_MINUTE, "closed connection");
            fail(YamuxConnectionException.protocolError(
                    "stream resets exceed the limit of " + limits.maxResetsPerMinute() + " per minute"));
        }
    }

    private void count(LimitId limit, String effect) {
        budget.counters().countAndLog(limit, effect + " " + ctx.channel());
    }

    private void onControlOverflow() {
        count(LimitId.CONTROL_FRAMES, "closed connection");
        fail(YamuxConnectionException.closed("remote peer does not read: limit of " + limits.maxQueuedControlFrames()
                + " queued control frames reached"));
    }

    private void onWriteStalled() {
        String reason = "remote peer does not read: no progress for " + DurationText.of(limits.writeTimeout());
        budget.counters().countAndLog(LimitId.WRITE_TIMEOUT, "closed connection " + ctx.channel() + ": " + reason);
        fail(YamuxConnectionException.closed(reason));
    }

    private void onSilent() {
        String reason = "remote peer is silent: no byte within " + DurationText.of(limits.pingTimeout()) + " of a ping";
        budget.counters().countAndLog(LimitId.SILENCE_TIMEOUT, "closed connection " + ctx.channel() + ": " + reason);
        fail(YamuxConnectionException.closed(reason));
    }

    /** Sends a go-away frame with the reason, closes all streams and then the connection. */
    private void fail(YamuxConnectionException cause) {
        if (failure == null) {
            failure = cause;
            sendGoAway(cause.code());
            closeStreams(cause);
            ctx.close();
        }
    }

    private void sendGoAway(long code) {
        writer.writeControl(YamuxFrameType.GO_AWAY, YamuxFlags.NONE, 0, code);
        writer.flush();
    }

    private void closeStreams(MuxerException cause) {
        scheduler.clear();
        stallDetector.stop();
        openQueue.close(cause);
        pinger.close(cause);
        for (YamuxStreamChannel stream : streams.all()) {
            stream.fail(cause);
        }
    }

    private void sendPing(long value) {
        writer.writeControl(YamuxFrameType.PING, YamuxFlags.SYN, 0, value);
        flushUnlessReading();
    }

    private long nanoTime() {
        return ctx.executor().ticker().nanoTime();
    }
}
