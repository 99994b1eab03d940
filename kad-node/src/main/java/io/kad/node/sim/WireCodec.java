package io.kad.node.sim;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.sim.network.CodecException;
import io.kad.sim.network.MessageCodec;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import io.kad.wire.message.KadCodec;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Codec of simulated messages that writes and reads the bytes of the libp2p format. Thread-safe. */
final class WireCodec implements MessageCodec {

    private final KadCodec codec;

    WireCodec(KademliaConfig config) {
        this.codec = new KadCodec(config);
    }

    @Override
    public byte[] encode(KadRequest request, Instant now) throws CodecException {
        try {
            return codec.encode(request, now);
        } catch (MessageTooLargeException e) {
            throw new CodecException(e);
        }
    }

    @Override
    public byte[] encode(KadResponse response, Instant now) {
        return codec.encode(response, now);
    }

    @Override
    public KadRequest decodeRequest(byte[] message, Instant now) throws CodecException {
        try {
            return codec.decodeRequest(ByteBuffer.wrap(message), now);
        } catch (MalformedMessageException e) {
            throw new CodecException(e);
        }
    }

    @Override
    public KadResponse decodeResponse(byte[] message, KadRequest request, Instant now) throws CodecException {
        try {
            return codec.decodeResponse(ByteBuffer.wrap(message), request, now);
        } catch (MalformedMessageException e) {
            throw new CodecException(e);
        }
    }
}
