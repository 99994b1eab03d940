package io.kad.transport.netty.quic;

import static java.util.Objects.requireNonNull;

import io.kad.transport.netty.muxer.ErrorCode;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.StreamResetException;
import io.kad.transport.netty.stream.EventLoops;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stream of a QUIC connection: the first handler of its channel, which makes it behave as every stream does. */
final class QuicStream extends ChannelDuplexHandler implements MuxedStream {

    private static final Logger LOG = LoggerFactory.getLogger(QuicStream.class);

    /** Largest code that Netty can send. */
    private static final long MAX_CODE = Integer.MAX_VALUE;

    private final QuicConnection connection;
    private final QuicStreamChannel channel;
    private final SendQueue sendQueue;
    private final boolean counted;
    private boolean inputEnded;
    private boolean closed;
    private boolean announcementScheduled;

    private QuicStream(QuicConnection connection, QuicStreamChannel channel, boolean counted) {
        this.counted = counted;
        this.connection = connection;
        this.channel = channel;
        this.sendQueue = new SendQueue(connection);
    }

    /**
     * Installs the first handler on the channel of a new stream.
     *
     * @param counted whether the stream is a use of its connection
     */
    static QuicStream install(QuicConnection connection, QuicStreamChannel channel, boolean counted) {
        QuicStream stream = new QuicStream(connection, channel, counted);
        channel.attr(ATTRIBUTE).set(stream);
        channel.config().setMaxMessagesPerRead(1);
        channel.pipeline().addLast(stream);
        connection.onStreamOpened(stream);
        return stream;
    }

    // --- MuxedStream

    @Override
    public Channel channel() {
        return channel;
    }

    @Override
    public ChannelFuture writeAndFinish(ByteBuf last) {
        ChannelPromise promise = channel.newPromise();
        EventLoops.runOn(channel.eventLoop(), () -> writeAndFinish(last, promise), rejected -> {
            last.release();
            promise.tryFailure(new ClosedChannelException());
        });
        return promise;
    }

    private void writeAndFinish(ByteBuf last, ChannelPromise promise) {
        ChannelPromise written = channel.newPromise();
        sendQueue.write(last, written);
        if (written.isDone() && !written.isSuccess()) {
            promise.tryFailure(written.cause());
        } else {
            sendQueue.finish(promise);
        }
    }

    @Override
    public ChannelFuture finish() {
        ChannelPromise promise = channel.newPromise();
        EventLoops.runOn(channel.eventLoop(), () -> sendQueue.finish(promise), promise);
        return promise;
    }

    @Override
    public boolean isFinished() {
        return sendQueue.isFinished();
    }

    @Override
    public ChannelFuture reset(long code) {
        ErrorCode.check(code);
        return EventLoops.close(channel, () -> {
            end(new ClosedChannelException(), code);
            channel.close();
        });
    }

    /** Returns whether the stream is a use of its connection. */
    boolean isCounted() {
        return counted;
    }

    /** Returns whether the local peer opened the stream. */
    boolean isOutbound() {
        return channel.isLocalCreated();
    }

    /** Returns whether both directions have ended, so that Netty forgets the channel. */
    boolean isWhole() {
        return inputEnded && sendQueue.isFinWritten();
    }

    /** Returns whether the end of the remote direction was received. */
    boolean isInputEnded() {
        return inputEnded;
    }

    /** Ends what is left of both directions, with a reset if the remote peer would wait for more. */
    private void end(Throwable cause, long code) {
        if (closed) {
            return;
        }
        closed = true;
        sendQueue.close(cause);
        int sentCode = (int) Math.min(code, MAX_CODE);
        if (!channel.isActive() || !connection.channel().isActive()) {
            return; // Netty ends a stream that is closed without a reset, as if it were whole, while the connection is
            // open
        }
        if (!sendQueue.isFinWritten()) {
            channel.shutdown(sentCode);
        } else if (!inputEnded) {
            channel.shutdownInput(sentCode);
        }
    }

    /**
     * Drops what waits to be sent, and from now on what arrives, as the connection is being closed; the end of the connection ends the stream.
     */
    void drain(Throwable lost) {
        sendQueue.close(lost);
        channel.read(); // the handlers may have paused
    }

    /** Ends a stream that nobody has seen, as the connection is being closed; the end of the connection ends its channel. */
    void refuse(Throwable lost) {
        closed = true;
        sendQueue.close(lost);
    }

    // --- handler

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        sendQueue.start(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            sendQueue.write(bytes, promise);
        } else {
            ReferenceCountUtil.release(message);
            promise.setFailure(new UnsupportedMessageTypeException(message, ByteBuf.class));
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        sendQueue.send();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        end(new ClosedChannelException(), ErrorCode.NONE);
        ctx.close(promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        connection.onRemoteUsedStream();
        if (isDropping()) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    /**
     * Passes a change on later: Netty tells of one within a write, and that a channel is writable before it has tried to send the next part, which
     * may undo that.
     */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!announcementScheduled) {
            announcementScheduled = true;
            EventLoops.runLater(ctx.executor(), () -> announceWritability(ctx));
        }
    }

    private void announceWritability(ChannelHandlerContext ctx) {
        announcementScheduled = false;
        ctx.fireChannelWritabilityChanged(); // also if it has changed back: a writer that has seen it waits for this
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !connection.isClosing()) {
            inputEnded = true; // otherwise bytes before it may have been dropped: the stream is not whole
        }
        if (!isDropping()
                || !(event instanceof ChannelInputShutdownEvent
                        || event == ChannelInputShutdownReadComplete.INSTANCE)) {
            ctx.fireUserEventTriggered(event);
        }
    }

    /** Reads on while what arrives is dropped, even if the handlers have paused: unread bytes would hold the remote peer back. */
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (isDropping()) {
            ctx.read();
        } else {
            ctx.fireChannelReadComplete();
        }
    }

    /** Returns whether what arrives is dropped. */
    private boolean isDropping() {
        return closed || connection.isClosing();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (closed) {
            LOG.debug("stream {} of {} failed after its end: {}", channel.streamId(), connection, cause.getMessage());
            return;
        }
        Throwable translated = cause instanceof QuicStreamResetException reset
                ? new StreamResetException(reset.applicationProtocolCode() & ErrorCode.MAX)
                : connection.reasonOf(cause);
        end(translated, ErrorCode.NONE);
        ctx.fireExceptionCaught(translated);
        ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!closed && !isWhole()) {
            Throwable lost = connection.lost();
            closed = true;
            sendQueue.close(lost);
            ctx.fireExceptionCaught(lost);
        }
        closed = true;
        sendQueue.close(new ClosedChannelException());
        connection.onStreamClosed(this);
        ctx.fireChannelInactive();
    }

    @Override
    public String toString() {
        return requireNonNull(channel.parent()) + "/" + channel.streamId();
    }
}
