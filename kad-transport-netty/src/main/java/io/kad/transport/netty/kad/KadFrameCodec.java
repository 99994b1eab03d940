package io.kad.transport.netty.kad;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.LengthPrefix;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Conversion between Kademlia messages and Netty buffers, with record lifetimes relative to a wall clock. Thread-safe.
 */
public final class KadFrameCodec {

    private final KadCodec codec;
    private final InstantSource clock;
    private final int maxMessageBytes;
    private final int maxPeersResponseBytes;
    private final int usualResponseBytes;
    private final Duration messageTimeout;

    /** Creates the conversion with the limits of {@code config}. */
    public KadFrameCodec(KademliaConfig config, InstantSource clock) {
        this.codec = new KadCodec(config);
        this.clock = clock;
        this.maxMessageBytes = config.get(KademliaConfig.MAX_MESSAGE_BYTES);
        this.maxPeersResponseBytes = Math.min(maxMessageBytes, config.get(KademliaConfig.MAX_PEERS_RESPONSE_BYTES));
        this.usualResponseBytes = config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
        this.messageTimeout = config.get(KademliaConfig.MESSAGE_TIMEOUT);
    }

    /** Returns the largest message that is accepted, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns the largest response to {@code request} that is accepted, in bytes: more than peers only where it may carry a record. */
    int maxResponseBytes(KadRequest request) {
        boolean carriesRecord = request instanceof KadRequest.GetValue || request instanceof KadRequest.PutValue;
        return carriesRecord ? maxMessageBytes : maxPeersResponseBytes;
    }

    /** Returns the size of a response without a large record, in bytes. */
    int usualResponseBytes() {
        return usualResponseBytes;
    }

    /** Returns the longest time from the first byte of a message until its last. */
    Duration messageTimeout() {
        return messageTimeout;
    }

    /** Returns the frame of a request. */
    ByteBuf encode(KadRequest request) throws MessageTooLargeException {
        return Unpooled.wrappedBuffer(LengthPrefix.encode(codec.encode(request, clock.instant())));
    }

    /** Returns the frame of a response. */
    ByteBuf encode(KadResponse response) {
        return Unpooled.wrappedBuffer(LengthPrefix.encode(codec.encode(response, clock.instant())));
    }

    /** Decodes a request and releases {@code message}. */
    KadRequest decodeRequest(ByteBuf message) throws MalformedMessageException {
        try {
            return codec.decodeRequest(message.nioBuffer(), clock.instant());
        } finally {
            message.release();
        }
    }

    /** Decodes the response to {@code request} and releases {@code message}. */
    KadResponse decodeResponse(ByteBuf message, KadRequest request) throws MalformedMessageException {
        try {
            return codec.decodeResponse(message.nioBuffer(), request, clock.instant());
        } finally {
            message.release();
        }
    }
}
