package io.kad.transport.netty.kad;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.Frames;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.InstantSource;

/** The Kademlia messages as Netty's buffers, at the time of a wall clock. Thread-safe. */
public final class KadMessages {

    private final KadCodec codec;
    private final InstantSource clock;
    private final int maxMessageBytes;

    /** Makes the messages of a peer with that configuration. */
    public KadMessages(KademliaConfig config, InstantSource clock) {
        this.codec = new KadCodec(config);
        this.clock = clock;
        this.maxMessageBytes = config.get(KademliaConfig.MAX_MESSAGE_BYTES);
    }

    /** Returns the largest message that is read, in bytes. */
    public int maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Returns the frame of a request. */
    ByteBuf encode(KadRequest request) throws MessageTooLargeException {
        return Unpooled.wrappedBuffer(Frames.encode(codec.encode(request, clock.instant())));
    }

    /** Returns the frame of an answer. */
    ByteBuf encode(KadResponse response) {
        return Unpooled.wrappedBuffer(Frames.encode(codec.encode(response, clock.instant())));
    }

    /** Returns the request that {@code message} is, and releases it. */
    KadRequest decodeRequest(ByteBuf message) throws MalformedMessageException {
        try {
            return codec.decodeRequest(message.nioBuffer(), clock.instant());
        } finally {
            message.release();
        }
    }

    /** Returns the answer to {@code asked} that {@code message} is, and releases it. */
    KadResponse decodeResponse(ByteBuf message, KadRequest asked) throws MalformedMessageException {
        try {
            return codec.decodeResponse(message.nioBuffer(), asked, clock.instant());
        } finally {
            message.release();
        }
    }
}
