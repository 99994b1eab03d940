package io.kad.transport.netty.muxer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.AttributeKey;
import java.util.Optional;

/**
 * Stream of a {@link MuxedConnection}: a Netty channel of {@code ByteBuf}s, with the operations that not all channels of Netty have. A handler gets
 * the stream of its channel by {@link #of}.
 *
 * <ul>
 * <li>The end of the remote direction arrives as a {@code ChannelInputShutdownEvent}, after its last byte. The channel closes by itself once
 *     both directions have ended.
 * <li>{@link Channel#close()} before that resets the stream with {@link ErrorCode#NONE}: bytes in flight in either direction may be lost.
 * <li>A reset by the remote peer arrives as a {@link StreamResetException} in {@code exceptionCaught}, and the loss of the connection as a {@link
 *     ConnectionLostException}; then the channel closes. A local close raises no exception: {@code channelInactive} alone says so.
 * <li>When a reset is received while bytes before it are unread, a muxer may deliver these first, and the exception after them. Then it fires a {@link
 *     ResetBehindUnreadBytes} at once.
 * <li>A write completes when the connection has taken its bytes; a {@code ChannelProgressivePromise} is told of parts of them. It fails if the
 *     stream ends before: with a {@link MuxerException}, or a {@code ClosedChannelException} after a local close. A write beyond a limit of the
 *     local peer fails with a {@link StreamLimitException}, and the stream goes on.
 * <li>Without {@code autoRead}, each {@code read()} delivers one buffer. Unread bytes exert back-pressure on the remote peer.
 * <li>{@link Channel#isWritable()} returns whether to write more. It becomes false behind few bytes that wait, also those that are not flushed, so
 *     that a handler may write while it is true; {@code channelWritabilityChanged} comes later, in a task of its own.
 * </ul>
 *
 * <p>The methods may be called from any thread; those of one thread take effect in order, with the writes of that thread.
 */
public interface MuxedStream {

    /** Attribute of the channel of a stream, under which its muxer keeps the stream, unless the channel is the stream itself. */
    AttributeKey<MuxedStream> ATTRIBUTE = AttributeKey.valueOf(MuxedStream.class, "stream");

    /**
     * Returns the stream whose channel this is.
     *
     * @throws IllegalStateException if the channel is not that of a stream
     */
    static MuxedStream of(Channel channel) {
        return find(channel).orElseThrow(() -> new IllegalStateException("not the channel of a stream: " + channel));
    }

    /** Returns the stream whose channel this is; empty if the channel is not that of a stream. */
    static Optional<MuxedStream> find(Channel channel) {
        return Optional.ofNullable(
                channel instanceof MuxedStream stream
                        ? stream
                        : channel.attr(ATTRIBUTE).get());
    }

    /** Returns the channel, on whose pipeline the handlers are. */
    Channel channel();

    /**
     * Writes {@code last}, whose ownership passes to the stream, and ends the local direction behind it and all earlier writes. Preferred to a
     * write and {@link #finish}: a muxer may send both as one.
     *
     * @return completes when the bytes and the end are written
     */
    ChannelFuture writeAndFinish(ByteBuf last);

    /**
     * Ends the local direction behind all earlier writes, flushed or not; the direction of the remote peer goes on. Further calls return when the
     * first one has taken effect.
     */
    ChannelFuture finish();

    /** Returns whether the local direction was ended, by {@link #finish} or the end of the stream. */
    boolean isFinished();

    /**
     * Resets the stream: ends both directions at once. Has no effect on a stream that has ended.
     *
     * @param code reason for the remote peer, an unsigned 32-bit number of {@link ErrorCode}
     * @return the end of the stream; fails if its event loop has terminated before
     * @throws IllegalArgumentException if the code is out of range
     */
    ChannelFuture reset(long code);
}
