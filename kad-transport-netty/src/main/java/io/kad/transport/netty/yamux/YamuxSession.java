package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.FrameDecoder;
import io.kad.transport.netty.yamux.frame.FrameWriter;
import io.kad.transport.netty.yamux.frame.YamuxConnectionException;
import io.kad.transport.netty.yamux.frame.YamuxException;
import io.kad.transport.netty.yamux.frame.YamuxFlags;
import io.kad.transport.netty.yamux.frame.YamuxFrame;
import io.kad.transport.netty.yamux.frame.YamuxFrameType;
import io.kad.transport.netty.yamux.frame.YamuxStreamException;
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

/** One connection: it routes frames to streams, opens and accepts them, and ends all of them together. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write ends the connection, which says so
final class YamuxSession implements FrameDecoder.Sink {

    private static final Logger log = LoggerFactory.getLogger(YamuxSession.class);

    private final ChannelHandlerContext ctx;
    private final YamuxLimits limits;
    private final ChannelHandler inboundInitializer;
    private final StreamTable streams;
    private final FrameDecoder decoder = new FrameDecoder(this);
    private final FrameWriter writer;
    private final WriteScheduler scheduler;
    private final StreamOpenQueue opens;
    private final Pinger pinger;
    private final EventRateLimiter resets;
    private final Queue<StreamReceiveBuffer> readCompletes = new ArrayDeque<>();

    private long buffered;
    private boolean reading;
    private @Nullable YamuxException failure;

    /** The stream that takes the payload being received; null if it is to be dropped. */
    private @Nullable YamuxStreamChannel payloadTarget;

    private int payloadFlags;

    YamuxSession(ChannelHandlerContext ctx, boolean initiator, YamuxLimits limits, ChannelHandler inboundInitializer) {
        this.ctx = ctx;
        this.limits = limits;
        this.inboundInitializer = inboundInitializer;
        streams = new StreamTable(initiator);
        writer = new FrameWriter(ctx, limits.maxQueuedControlFrames(), this::controlOverflow);
        scheduler = new WriteScheduler(writer);
        opens = new StreamOpenQueue(ctx.executor(), limits, this::hasPlace, this::openNow);
        pinger = new Pinger(ctx.executor(), limits, this::sendPing, this::peerIsDead);
        resets = new EventRateLimiter(limits.maxResetsPerMinute(), nanoTime());
        pinger.start();
    }

    // --- what the handler calls

    void open(ChannelHandler initializer, Promise<YamuxStreamChannel> promise) {
        opens.submit(initializer, promise);
    }

    Future<Duration> ping() {
        return pinger.ping();
    }

    int streamCount() {
        return streams.size();
    }

    /** Reads from the connection; the caller keeps the ownership of the buffer. */
    void read(ByteBuf in) {
        reading = true;
        try {
            decoder.decode(in);
        } catch (YamuxConnectionException e) {
            log.debug("{} {}", ctx.channel(), e.getMessage());
            fail(e);
        } catch (RuntimeException e) {
            log.warn("{} failed to handle a frame", ctx.channel(), e);
            fail(YamuxConnectionException.internalError(e));
        }
    }

    /** Ends a read loop: tells the streams that got something, then sends all they answered at once. */
    void readComplete() {
        for (StreamReceiveBuffer receiveBuffer = readCompletes.poll();
                receiveBuffer != null;
                receiveBuffer = readCompletes.poll()) {
            receiveBuffer.readComplete();
        }
        reading = false;
        writer.flush();
    }

    void writabilityChanged() {
        boolean writable = writer.isWritable();
        for (YamuxStreamChannel stream : streams.all()) {
            stream.writability().set(StreamWritability.CONNECTION, writable);
        }
        scheduler.run();
        flushUnlessReading();
    }

    /** Says goodbye and ends all streams; the caller then closes the connection. */
    void goAway() {
        if (failure == null) {
            YamuxConnectionException cause = YamuxConnectionException.closed("connection closed by this side");
            failure = cause; // first, because sending may fail in turn
            sendGoAway(YamuxConnectionException.CODE_NORMAL);
            endStreams(cause);
        }
    }

    /** Ends all streams because the connection is gone. */
    void connectionLost() {
        if (failure == null) {
            YamuxConnectionException cause = YamuxConnectionException.closed("connection lost");
            failure = cause;
            endStreams(cause);
        }
    }

    // --- what the streams call

    FrameWriter writer() {
        return writer;
    }

    YamuxLimits limits() {
        return limits;
    }

    boolean isTerminated() {
        return failure != null;
    }

    /** Returns whether more frames may follow at once, so that what depends on the end of a burst can wait. */
    boolean isReading() {
        return reading;
    }

    void completeReadLater(StreamReceiveBuffer receiveBuffer) {
        readCompletes.add(receiveBuffer);
    }

    /** Sends what a stream has ready, as far as the connection takes it. */
    void send(StreamSendBuffer sendBuffer) {
        if (failure == null) {
            scheduler.schedule(sendBuffer);
            flushUnlessReading();
        }
    }

    ChannelFuture sendControl(YamuxStreamChannel stream, int flags, long length) {
        return writer.control(YamuxFrameType.WINDOW_UPDATE, flags | stream.takeOpeningFlag(), stream.id32(), length);
    }

    /** Flushes, unless the end of the read loop will. */
    void flushUnlessReading() {
        if (!reading) {
            writer.flush();
        }
    }

    void onStreamClosed(YamuxStreamChannel stream) {
        streams.remove(stream);
        if (failure == null) {
            opens.openPending();
        }
    }

    /** Counts received bytes that wait for a reader; a negative number takes them off again. */
    void addBufferedBytes(int bytes) {
        buffered += bytes;
        while (buffered > limits.maxBufferedBytes()) {
            YamuxStreamChannel fullest = streams.fullest();
            if (fullest == null || fullest.receiveBuffer().buffered() == 0) {
                return;
            }
            log.debug("{} reset: too many unread bytes on the connection", fullest);
            fullest.fail(YamuxStreamException.limit("too many unread bytes on the connection"));
        }
    }

    /** A frame was lost between us and the socket, so the peer can no longer make sense of what follows. */
    void onWriteFailed(Throwable cause) {
        log.debug("{} write failed: {}", ctx.channel(), cause.toString());
        fail(YamuxConnectionException.closed("connection lost: " + cause));
    }

    // --- frames

    @Override
    public boolean isAccepting() {
        return failure == null;
    }

    @Override
    public void onFrame(YamuxFrame frame) throws YamuxConnectionException {
        switch (frame.type()) {
            case DATA -> onData(frame);
            case WINDOW_UPDATE -> onWindowUpdate(frame);
            case PING -> onPing(frame);
            case GO_AWAY -> onGoAway(frame);
        }
    }

    private void onData(YamuxFrame frame) throws YamuxConnectionException {
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
            end(stream, payloadFlags, YamuxStreamException.CODE_NONE);
        }
    }

    private void onWindowUpdate(YamuxFrame frame) throws YamuxConnectionException {
        YamuxStreamChannel stream = route(frame);
        if (stream == null) {
            return;
        }
        if (!frame.has(YamuxFlags.RST)) { // else the length is the code of the reset
            stream.sendBuffer().addCredit(frame.length());
            send(stream.sendBuffer());
        }
        end(stream, frame.flags(), frame.length());
    }

    private void end(YamuxStreamChannel stream, int flags, long resetCode) {
        if (YamuxFlags.has(flags, YamuxFlags.FIN)) {
            stream.receiveBuffer().finish();
        }
        if (YamuxFlags.has(flags, YamuxFlags.RST) && stream.isOpen()) {
            YamuxStreamException cause = YamuxStreamException.resetByPeer(resetCode);
            stream.sendBuffer().close(cause);
            stream.receiveBuffer().reset(cause);
            if (!stream.isOutbound()) {
                countReset();
            }
        }
    }

    private void onPing(YamuxFrame frame) {
        if (frame.has(YamuxFlags.SYN)) {
            writer.control(YamuxFrameType.PING, YamuxFlags.ACK, 0, frame.length());
        } else if (frame.has(YamuxFlags.ACK)) {
            pinger.onPong(frame.length());
        }
    }

    private void onGoAway(YamuxFrame frame) {
        log.debug("{} the peer went away, code {}", ctx.channel(), frame.length());
        YamuxConnectionException cause = YamuxConnectionException.goAway(frame.length());
        failure = cause;
        endStreams(cause);
        ctx.close();
    }

    /** Returns the stream that a frame is for, which the frame may open; null if there is none. */
    private @Nullable YamuxStreamChannel route(YamuxFrame frame) throws YamuxConnectionException {
        int id = frame.streamId();
        YamuxStreamChannel stream = streams.get(id);
        if (frame.has(YamuxFlags.SYN)) {
            if (stream != null || !streams.isRemoteId(id)) {
                throw YamuxConnectionException.protocolError("cannot open stream " + Integer.toUnsignedString(id));
            }
            return accept(id);
        }
        if (stream == null || !stream.isAnnounced()) {
            return null;
        }
        if (frame.has(YamuxFlags.ACK) && stream.isOutbound() && streams.acknowledge(stream)) {
            opens.openPending();
        }
        return stream;
    }

    // --- opening

    private @Nullable YamuxStreamChannel accept(int id) {
        if (streams.inbound() >= limits.maxInboundStreams()) {
            writer.control(YamuxFrameType.WINDOW_UPDATE, YamuxFlags.RST, id, YamuxStreamException.CODE_RESOURCE_LIMIT);
            countReset();
            return null;
        }
        YamuxStreamChannel stream = new YamuxStreamChannel(this, ctx.channel(), id, false);
        streams.add(stream);
        stream.start(inboundInitializer);
        return stream;
    }

    private boolean hasPlace() {
        return streams.outbound() < limits.maxOutboundStreams()
                && streams.unacked() < limits.maxUnackedStreams()
                && streams.hasNextId();
    }

    private void openNow(ChannelHandler initializer, Promise<YamuxStreamChannel> promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        YamuxStreamChannel stream = new YamuxStreamChannel(this, ctx.channel(), streams.allocateId(), true);
        streams.add(stream);
        stream.start(initializer);
        if (stream.isOpen()) {
            promise.trySuccess(stream);
        } else {
            promise.tryFailure(new ClosedChannelException()); // its handler would not have it
        }
    }

    // --- the end

    private void countReset() {
        if (!resets.tryAcquire(nanoTime())) {
            fail(YamuxConnectionException.protocolError("too many resets"));
        }
    }

    private void controlOverflow() {
        fail(YamuxConnectionException.closed("the peer does not read"));
    }

    private void peerIsDead() {
        fail(YamuxConnectionException.closed("the peer does not answer pings"));
    }

    /** Tells the peer why, ends all streams and closes the connection. */
    private void fail(YamuxConnectionException cause) {
        if (failure == null) {
            failure = cause;
            sendGoAway(cause.code());
            endStreams(cause);
            ctx.close();
        }
    }

    private void sendGoAway(long code) {
        writer.control(YamuxFrameType.GO_AWAY, YamuxFlags.NONE, 0, code);
        writer.flush();
    }

    private void endStreams(YamuxException cause) {
        scheduler.clear();
        opens.close(cause);
        pinger.close(cause);
        for (YamuxStreamChannel stream : streams.all()) {
            stream.fail(cause);
        }
    }

    private void sendPing(long value) {
        writer.control(YamuxFrameType.PING, YamuxFlags.SYN, 0, value);
        flushUnlessReading();
    }

    private long nanoTime() {
        return ctx.executor().ticker().nanoTime();
    }
}
