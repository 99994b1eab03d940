package io.kad.sim.network;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import java.time.Instant;

/**
 * Codec of the messages between simulated peers: to the bytes of the wire and back, without the length prefix. The simulator knows no wire
 * format, so whoever starts a network passes the codec. Called on the thread of the network; one factory may serve several threads.
 */
public interface MessageCodec {

    /** Factory of the codec of a network. */
    @FunctionalInterface
    interface Factory {

        /** Returns a codec with the limits of {@code config}. */
        MessageCodec create(KademliaConfig config);
    }

    /**
     * Encodes a request.
     *
     * @param now wall-clock time of the sender, to which the lifetimes of records are relative
     * @throws CodecException if it exceeds {@link KademliaConfig#MAX_SENT_MESSAGE_BYTES} even without its optional parts
     */
    byte[] encode(KadRequest request, Instant now) throws CodecException;

    /** Encodes a response, and leaves out the peers and addresses that do not fit. */
    byte[] encode(KadResponse response, Instant now);

    /**
     * Decodes a request.
     *
     * @param now wall-clock time of the receiver
     * @throws CodecException if {@code message} is not a valid request
     */
    KadRequest decodeRequest(byte[] message, Instant now) throws CodecException;

    /**
     * Decodes the response to {@code request}.
     *
     * @throws CodecException if {@code message} is not a valid response to it
     */
    KadResponse decodeResponse(byte[] message, KadRequest request, Instant now) throws CodecException;
}
