package io.kad.transport.netty.yamux;

import java.time.Duration;
import java.util.Objects;

/**
 * The bounds of one connection: what it takes from a peer, what it asks of a peer, and how long it waits.
 *
 * @param maxFramePayload the most bytes in a data frame that we send; 1 to {@link #WINDOW}
 * @param maxOutboundStreams streams that we may have open at once
 * @param maxInboundStreams streams that the peer may have open at once; a further one is reset
 * @param maxUnackedStreams streams that we opened and the peer has not yet acknowledged; more of them wait
 * @param maxQueuedOpens opens that may wait for a place; a further one fails
 * @param openTimeout how long an open waits for a place
 * @param maxQueuedControlFrames frames other than data that may wait for the connection to take them; more of them mean
 *     a peer that asks without reading, and close the connection
 * @param maxBufferedBytes received bytes that wait for their readers, over all streams; beyond that the stream with the
 *     most of them is reset
 * @param maxQueuedWriteBytes bytes written to one stream that wait to be sent; a write beyond that fails
 * @param maxResetsPerMinute inbound streams that are refused, or reset by the peer, in a minute; more of them close the
 *     connection
 * @param pingTimeout how long a ping waits for its pong
 * @param keepAlive the pause between pings that tell whether the peer is alive; zero sends none
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
        int maxResetsPerMinute,
        Duration pingTimeout,
        Duration keepAlive) {

    /** The credit in bytes that each side of a new stream starts with; the protocol fixes it. */
    public static final int WINDOW = 256 * 1024;

    private static final YamuxLimits DEFAULTS = new YamuxLimits(
            16 * 1024,
            128,
            256,
            256,
            256,
            Duration.ofSeconds(10),
            1024,
            8L * 1024 * 1024,
            8L * 1024 * 1024,
            4096,
            Duration.ofSeconds(10),
            Duration.ZERO);

    public YamuxLimits {
        require(maxFramePayload >= 1 && maxFramePayload <= WINDOW, "maxFramePayload", maxFramePayload);
        require(maxOutboundStreams >= 0, "maxOutboundStreams", maxOutboundStreams);
        require(maxInboundStreams >= 0, "maxInboundStreams", maxInboundStreams);
        require(maxUnackedStreams >= 1, "maxUnackedStreams", maxUnackedStreams);
        require(maxQueuedOpens >= 0, "maxQueuedOpens", maxQueuedOpens);
        require(isPositive(openTimeout), "openTimeout", openTimeout);
        require(maxQueuedControlFrames >= 1, "maxQueuedControlFrames", maxQueuedControlFrames);
        require(maxBufferedBytes >= 0, "maxBufferedBytes", maxBufferedBytes);
        require(maxQueuedWriteBytes >= 1, "maxQueuedWriteBytes", maxQueuedWriteBytes);
        require(maxResetsPerMinute >= 0, "maxResetsPerMinute", maxResetsPerMinute);
        require(isPositive(pingTimeout), "pingTimeout", pingTimeout);
        require(!keepAlive.isNegative(), "keepAlive", keepAlive);
    }

    /** Returns what suits a DHT peer: 16 KiB frames, 128 streams out, 256 in, 8 MiB buffered, no keep-alive. */
    public static YamuxLimits defaults() {
        return DEFAULTS;
    }

    /** Returns a builder that starts from these limits. */
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

    /** A changeable copy of some limits; not thread-safe. */
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
         * @throws IllegalArgumentException if one of them is out of range
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
                    maxResetsPerMinute,
                    pingTimeout,
                    keepAlive);
        }
    }
}
