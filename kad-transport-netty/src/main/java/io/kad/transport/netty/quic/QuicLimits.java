package io.kad.transport.netty.quic;

import java.time.Duration;

/**
 * Limits of one QUIC connection.
 *
 * @param maxOutboundStreams limit of open streams that the local peer opened; further opens are queued, as are those beyond the credit of the
 *     remote peer
 * @param maxInboundStreams limit of open streams that the remote peer opened, which it is told
 * @param maxQueuedOpens limit of queued opens; further ones fail
 * @param openTimeout timeout of a queued open
 * @param maxQueuedWriteBytes limit of pending bytes written to one stream; a write beyond it fails, unless next to nothing is pending
 * @param writeTimeout time without progress of pending bytes after which the connection is closed
 * @param maxResetsPerMinute limit of inbound streams that end without the end of both directions, per minute; beyond it the connection is
 *     closed
 * @param silenceTimeout time without a received packet after a probe, after which the connection is closed
 * @param closeTimeout longest time for which a close with bytes that wait to be sent waits for the remote peer to acknowledge what is in flight; one
 *     that acknowledges nothing by then is likely gone
 */
public record QuicLimits(
        int maxOutboundStreams,
        int maxInboundStreams,
        int maxQueuedOpens,
        Duration openTimeout,
        long maxQueuedWriteBytes,
        Duration writeTimeout,
        int maxResetsPerMinute,
        Duration silenceTimeout,
        Duration closeTimeout) {

    /** Time without a received packet after which a connection is closed; the shorter one of both peers counts. As in go-libp2p. */
    public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    /** Bytes of one stream that the remote peer may send unread at first, as with Yamux. */
    static final long STREAM_WINDOW_BYTES = 256 * 1024;

    /** Bytes of all streams of a connection that the remote peer may send unread at first, also before it is authenticated. */
    static final long CONNECTION_WINDOW_BYTES = 1L << 20;

    /** Default limits, those of Yamux where it has them. */
    public static final QuicLimits DEFAULTS = new QuicLimits(
            128,
            256,
            1024,
            Duration.ofSeconds(10),
            1 << 20,
            Duration.ofSeconds(20),
            4096,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1));
}
