package io.kad.transport.netty.kad;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.message.KadRequest;
import io.kad.transport.netty.limit.LimitId;
import java.time.Duration;
import java.util.stream.Stream;

/** Limits of the streams of the Kademlia protocol, from a configuration. Immutable. */
public final class KadLimits {

    /** Largest size that is assumed of a response before it is known. If larger, fewer responses would have room at a time, and requests would wait
     * for each other. */
    private static final int MAX_RESERVED_BYTES = 16 * 1024;

    /** Rate at which a peer sends and receives large messages at least, in bytes a second; a slow home link has three times as much. */
    private static final long MIN_BYTES_PER_SECOND = 32 * 1024;

    private final KademliaConfig config;
    private final int maxMessageBytes;
    private final int initialReservationBytes;
    private final Duration messageTimeout;
    private final Duration idleTimeout;
    private final Duration negotiationTimeout;
    private final int streamPoolSize;
    private final Duration streamPoolTimeout;
    private final Duration maxRateWait;

    /** Reads the limits of {@code config}. */
    public KadLimits(KademliaConfig config) {
        this.config = config;
        maxMessageBytes = config.get(KademliaConfig.MAX_MESSAGE_BYTES);
        initialReservationBytes = Math.min(MAX_RESERVED_BYTES, config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES));
        messageTimeout = config.get(TransportOptions.MESSAGE_TIMEOUT);
        idleTimeout = config.get(TransportOptions.STREAM_IDLE_TIMEOUT);
        maxRateWait = config.get(KademliaConfig.REQUEST_TIMEOUT).dividedBy(2);
        negotiationTimeout = config.get(TransportOptions.NEGOTIATION_TIMEOUT);
        streamPoolSize = config.get(TransportOptions.STREAM_POOL_SIZE);
        streamPoolTimeout = config.get(TransportOptions.STREAM_POOL_TIMEOUT);
    }

    /** Returns the largest message that is accepted, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns the longest time that a request waits for its rate: half of the local request timeout, as its sender may have the same one. */
    Duration maxRateWait() {
        return maxRateWait;
    }

    /** Returns the time of a negotiation. */
    public Duration negotiationTimeout() {
        return negotiationTimeout;
    }

    /** Returns the limit of the size of a response to {@code request}. */
    static LimitId responseLimit(KadRequest request) {
        String option = TransportOptions.responseLimit(request).name();
        return Stream.of(LimitId.values())
                .filter(limit -> limit.option().equals(option))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the largest response to {@code request} that is accepted, in bytes. */
    int maxResponseBytes(KadRequest request) {
        return TransportOptions.maxResponseBytes(config, request);
    }

    /** Returns the size that is assumed of a response before it is known, in bytes. */
    int initialReservationBytes() {
        return initialReservationBytes;
    }

    /**
     * Returns the longest time from the first byte of a message until its last: more for one that is large.
     *
     * @param bytes declared length of the message; 0 if it is unknown
     */
    Duration messageTimeout(long bytes) {
        Duration ofLength = transferTime(bytes);
        return ofLength.compareTo(messageTimeout) > 0 ? ofLength : messageTimeout;
    }

    /** Returns the time in which a slow peer receives {@code bytes}. */
    Duration transferTime(long bytes) {
        return Duration.ofMillis(1000 * bytes / MIN_BYTES_PER_SECOND);
    }

    /** Returns about the size of a request that needs room and time of its own, in bytes; 0 if it is not large. */
    long bytesToReserve(KadRequest request) {
        long bytes = request instanceof KadRequest.PutValue put
                ? put.record().value().size()
                : 0;
        return bytes > MAX_RESERVED_BYTES ? bytes : 0;
    }

    /** Returns the number of idle request streams that are kept on a connection. */
    int streamPoolSize() {
        return streamPoolSize;
    }

    /** Returns the time after which an idle request stream is ended. */
    Duration streamPoolTimeout() {
        return streamPoolTimeout;
    }

    /** Returns the longest time that an inbound stream waits for the next request, for the response to it, or for progress in sending that. */
    Duration idleTimeout() {
        return idleTimeout;
    }
}
