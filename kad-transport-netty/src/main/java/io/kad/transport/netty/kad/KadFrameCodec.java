package io.kad.transport.netty.kad;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import io.kad.wire.message.SizedMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.InstantSource;

/**
 * Conversion between Kademlia messages and Netty buffers, with record lifetimes relative to a wall clock. Thread-safe.
 */
public final class KadFrameCodec {

    private final KadCodec codec;
    private final InstantSource clock;
    private final KadLimits limits;

    /** Creates the conversion with the limits of {@code config}. */
    public KadFrameCodec(KademliaConfig config, InstantSource clock) {
        this.codec = new KadCodec(config);
        this.clock = clock;
        this.limits = new KadLimits(config);
    }

    /** Returns the limits of messages and of their streams. */
    public KadLimits limits() {
        return limits;
    }

    /** Returns the frame of a request. */
    ByteBuf encode(ByteBufAllocator allocator, KadRequest request) throws MessageTooLargeException {
        return toBuffer(allocator, codec.prepare(request, clock.instant()));
    }

    /** Returns the frame of a response, to be written later. */
    SizedMessage prepare(KadResponse response) {
        return codec.prepare(response, clock.instant());
    }

    /** Returns a buffer with {@code frame}. */
    static ByteBuf toBuffer(ByteBufAllocator allocator, SizedMessage frame) {
        ByteBuf buffer = allocator.heapBuffer(frame.size(), frame.size());
        boolean written = false;
        try {
            frame.writeTo(buffer.array(), buffer.arrayOffset());
            written = true;
        } finally {
            if (!written) {
                buffer.release();
            }
        }
        return buffer.writerIndex(frame.size());
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
