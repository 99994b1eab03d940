package io.kad.transport.netty.yamux;

import java.time.Duration;
import java.util.Objects;

/**
 * Limits of one connection.
 *
 * @param maxFramePayload maximum payload of a sent data frame in bytes, 1 to {@link #INITIAL_WINDOW_BYTES}; larger frames let one
 *     stream delay the others for longer
 * @param maxOutboundStreams limit of open streams that the local peer opened; further opens are queued
 * @param maxInboundStreams limit of open streams that the remote peer opened; further ones are reset
 * @param maxUnackedStreams limit of outbound streams that the remote peer has not yet acknowledged; further opens are
 *     queued
 * @param maxQueuedOpens limit of queued opens; further ones fail
 * @param openTimeout timeout of a queued open
 * @param maxQueuedControlFrames limit of control frames that the connection has not yet written; beyond it the remote
 *     peer sends without reading, and the connection is closed
 * @param maxBufferedBytes limit of unread bytes over all streams; beyond it the stream with the most unread bytes is
 *     reset
 * @param maxQueuedWriteBytes limit of pending bytes written to one stream; a write beyond it fails, unless no more than one frame is
 *     pending
 * @param writeTimeout time without progress of pending bytes after which the connection is closed
 * @param maxResetsPerMinute limit of inbound streams that are refused, or reset by either peer, per minute; beyond it the
 *     connection is closed
 * @param pingTimeout timeout of a ping
 * @param keepAlive interval without received bytes after which a keep-alive ping is sent; zero disables them
 */
public record YamuxLimits(
        int maxFramePayload,
        int maxOutboundStreams,
        int maxInboundStreams,
        int maxUnackedStreams,
        int maxQueuedOpens,
        Duration openTimeout,
        int maxQueuedControlFrames,
        long maxBufferedBytes,
        long maxQueuedWriteBytes,
        Duration writeTimeout,
        int maxResetsPerMinute,
        Duration pingTimeout,
        Duration keepAlive) {

    /** Initial window of each side of a stream in bytes, fixed by the protocol. */
    public static final int INITIAL_WINDOW_BYTES = 256 * 1024;

    private static final YamuxLimits DEFAULTS = new YamuxLimits(
            16 * 1024,
            128,
            256,
            256,
            256,
            Duration.ofSeconds(10),
            1024,
            8L * 1024 * 1024,
            1024 * 1024,
            Duration.ofSeconds(20),
            4096,
            Duration.ofSeconds(10),
            Duration.ZERO);

    public YamuxLimits {
        require(maxFramePayload >= 1 && maxFramePayload <= INITIAL_WINDOW_BYTES, "maxFramePayload", maxFramePayload);
        require(maxOutboundStreams >= 0, "maxOutboundStreams", maxOutboundStreams);
        require(maxInboundStreams >= 0, "maxInboundStreams", maxInboundStreams);
        require(maxUnackedStreams >= 1, "maxUnackedStreams", maxUnackedStreams);
        require(maxQueuedOpens >= 0, "maxQueuedOpens", maxQueuedOpens);
        require(isPositive(openTimeout), "openTimeout", openTimeout);
        require(maxQueuedControlFrames >= 1, "maxQueuedControlFrames", maxQueuedControlFrames);
        require(maxBufferedBytes >= 0, "maxBufferedBytes", maxBufferedBytes);
        require(maxQueuedWriteBytes >= 1, "maxQueuedWriteBytes", maxQueuedWriteBytes);
        require(isPositive(writeTimeout), "writeTimeout", writeTimeout);
        require(maxResetsPerMinute >= 0, "maxResetsPerMinute", maxResetsPerMinute);
        require(isPositive(pingTimeout), "pingTimeout", pingTimeout);
        require(!keepAlive.isNegative(), "keepAlive", keepAlive);
    }

    /**
     * Returns the default limits: 16 KiB frames, 128 outbound and 256 inbound streams, 8 MiB buffered, no keep-alive.
     */
    public static YamuxLimits defaults() {
        return DEFAULTS;
    }

    /** Returns a builder with these limits. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean condition, String name, Object value) {
        if (!condition) {
            throw new IllegalArgumentException(name + " is out of range: " + value);
        }
    }

    /** Builder of limits. Not thread-safe. */
    public static final class Builder {

        private int maxFramePayload;
        private int maxOutboundStreams;
        private int maxInboundStreams;
        private int maxUnackedStreams;
        private int maxQueuedOpens;
        private Duration openTimeout;
        private int maxQueuedControlFrames;
        private long maxBufferedBytes;
        private long maxQueuedWriteBytes;
        private Duration writeTimeout;
        private int maxResetsPerMinute;
        private Duration pingTimeout;
        private Duration keepAlive;

        private Builder(YamuxLimits from) {
            maxFramePayload = from.maxFramePayload;
            maxOutboundStreams = from.maxOutboundStreams;
            maxInboundStreams = from.maxInboundStreams;
            maxUnackedStreams = from.maxUnackedStreams;
            maxQueuedOpens = from.maxQueuedOpens;
            openTimeout = from.openTimeout;
            maxQueuedControlFrames = from.maxQueuedControlFrames;
            maxBufferedBytes = from.maxBufferedBytes;
            maxQueuedWriteBytes = from.maxQueuedWriteBytes;
            writeTimeout = from.writeTimeout;
            maxResetsPerMinute = from.maxResetsPerMinute;
            pingTimeout = from.pingTimeout;
            keepAlive = from.keepAlive;
        }

        public Builder maxFramePayload(int bytes) {
            maxFramePayload = bytes;
            return this;
        }

        public Builder maxOutboundStreams(int streams) {
            maxOutboundStreams = streams;
            return this;
        }

        public Builder maxInboundStreams(int streams) {
            maxInboundStreams = streams;
            return this;
        }

        public Builder maxUnackedStreams(int streams) {
            maxUnackedStreams = streams;
            return this;
        }

        public Builder maxQueuedOpens(int opens) {
            maxQueuedOpens = opens;
            return this;
        }

        public Builder openTimeout(Duration timeout) {
            openTimeout = Objects.requireNonNull(timeout);
            return this;
        }

        public Builder maxQueuedControlFrames(int frames) {
            maxQueuedControlFrames = frames;
            return this;
        }

        public Builder maxBufferedBytes(long bytes) {
            maxBufferedBytes = bytes;
            return this;
        }

        public Builder maxQueuedWriteBytes(long bytes) {
            maxQueuedWriteBytes = bytes;
            return this;
        }

        public Builder writeTimeout(Duration timeout) {
            writeTimeout = Objects.requireNonNull(timeout);
            return this;
        }

        public Builder maxResetsPerMinute(int resets) {
            maxResetsPerMinute = resets;
            return this;
        }

        public Builder pingTimeout(Duration timeout) {
            pingTimeout = Objects.requireNonNull(timeout);
            return this;
        }

        public Builder keepAlive(Duration interval) {
            keepAlive = Objects.requireNonNull(interval);
            return this;
        }

        /**
         * Returns the limits.
         *
         * @throws IllegalArgumentException if a limit is out of range
         */
        public YamuxLimits build() {
            return new YamuxLimits(
                    maxFramePayload,
                    maxOutboundStreams,
                    maxInboundStreams,
                    maxUnackedStreams,
                    maxQueuedOpens,
                    openTimeout,
                    maxQueuedControlFrames,
                    maxBufferedBytes,
                    maxQueuedWriteBytes,
                    writeTimeout,
                    maxResetsPerMinute,
                    pingTimeout,
                    keepAlive);
        }
    }
}
