package io.kad.transport.netty.muxer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;

/**
 * Authenticated connection that carries many streams.
 *
 * <p>When it ends, each of its streams gets a {@link ConnectionLostException} in {@code exceptionCaught} and becomes inactive, and each pending
 * open fails with one. All methods may be called from any thread unless they say otherwise.
 */
public interface MuxedConnection {

    /** Returns the channel of the connection, which is the parent of its streams; closing it closes them. */
    Channel channel();

    /**
     * Opens a stream. Opens beyond the limits on streams wait, a bounded number for a bounded time.
     *
     * @param first first handler of the stream; it is installed before the future completes
     * @return the stream, on the event loop of the connection; fails with a {@link StreamLimitException} if too many opens wait or the open timed
     *     out, after which a retry is safe, and with a {@link ConnectionLostException} if the connection has ended
     */
    Future<MuxedStream> openStream(ChannelHandler first);

    /** Returns whether streams can be opened: false from the moment that the connection is lost, although its channel may close later. */
    boolean isOpen();

    /** Returns the reason for which the connection ended; empty while it is open. */
    Optional<String> endReason();

    /** Returns the number of open streams in both directions. */
    int streamCount();

    /** Returns the number of streams that were opened so far in both directions. Called on the event loop. */
    long openedStreamCount();

    /** Returns whether the remote peer has sent anything on a stream, so that it wants the connection. */
    boolean hasReceivedStreamFrame();

    /** Tests whether the remote peer is there, and closes the connection unless any byte arrives within the time that the muxer was given. */
    void probe();

    /**
     * Closes the connection with all its streams, and tells the remote peer why.
     *
     * @param code reason, an unsigned 32-bit number of {@link ErrorCode}
     * @return the end of the connection; fails if its event loop has terminated before
     */
    Future<Void> close(long code);
}
