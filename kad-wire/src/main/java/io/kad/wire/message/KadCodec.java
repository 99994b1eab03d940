package io.kad.wire.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Codec of Kademlia messages, within the limits of one configuration. Thread-safe.
 *
 * <p>Messages exclude the length prefix, which a {@link SizedMessage} has. Records carry their time to live
 * relative to the time of sending, so every method takes the current time.
 *
 * <p>Decoding is lenient where fields are optional: an address, a peer ID or a connection type that is not understood
 * is skipped and the rest is used. At most {@value #MIN_CLOSER_PEERS_READ} or 2k closer peers and {@value
 * #MAX_PROVIDERS_READ} providers of a message are decoded, each with at most {@link
 * KademliaConfig#MAX_ADDRESSES_PER_PEER} addresses. Encoded messages are limited by {@link
 * KademliaConfig#MAX_SENT_MESSAGE_BYTES}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p kad-dht, RPC messages</a>
 */
public final class KadCodec {

    /** Minimum of the limit of decoded closer peers, for a small k; go-libp2p-kad-dht reads 40. */
    public static final int MIN_CLOSER_PEERS_READ = 40;
    /** Limit of decoded providers of one message; kad's choice, about 50 KiB. */
    public static final int MAX_PROVIDERS_READ = 512;

    private final int maxCloserPeersRead;
    private final int maxAddresses;
    private final int maxSentBytes;

    /** Creates a codec with the limits of {@code config}. */
    public KadCodec(KademliaConfig config) {
        this.maxCloserPeersRead = Math.max(MIN_CLOSER_PEERS_READ, 2 * config.get(KademliaConfig.K));
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.maxSentBytes = config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
    }

    /**
     * Encodes a request; omits addresses of announced providers that do not fit.
     *
     * @throws MessageTooLargeException if its key, its record, or its providers with one address each exceed the limit
     */
    public byte[] encode(KadRequest request, Instant now) throws MessageTooLargeException {
        return message(request, now).toArray();
    }

    /**
     * Encodes a request as {@link #encode(KadRequest, Instant)} does, with its length prefix.
     *
     * @throws MessageTooLargeException if its key, its record, or its providers with one address each exceed the limit
     */
    public SizedMessage prepare(KadRequest request, Instant now) throws MessageTooLargeException {
        return new SizedMessage(message(request, now));
    }

    private MessageBuilder message(KadRequest request, Instant now) throws MessageTooLargeException {
        return request.accept(new RequestEncoder(maxAddresses, maxSentBytes, requireNonNull(now)))
                .requireFits(maxSentBytes);
    }

    /**
     * Encodes a response.
     *
     * <p>Omits what does not fit: first the further addresses of all peers, then the farthest peers. Closer peers get
     * half of the space before providers, so that the lookup can continue, and then what providers leave. A record is
     * never omitted. A record that exceeds the limit is sent alone: it was received in a message of that size, so some
     * peers can read it, and for the others no response would be better.
     */
    public byte[] encode(KadResponse response, Instant now) {
        return message(response, now).toArray();
    }

    /** Encodes a response as {@link #encode(KadResponse, Instant)} does, with its length prefix. */
    public SizedMessage prepare(KadResponse response, Instant now) {
        return new SizedMessage(message(response, now));
    }

    private MessageBuilder message(KadResponse response, Instant now) {
        return response.accept(new ResponseEncoder(maxAddresses, maxSentBytes, requireNonNull(now)));
    }

    /**
     * Decodes a request; the position of {@code message} is not changed.
     *
     * @throws MalformedMessageException if {@code message} is not a valid request
     */
    public KadRequest decodeRequest(ByteBuffer message, Instant now) throws MalformedMessageException {
        return RequestDecoder.toRequest(readMessage(message, now));
    }

    /**
     * Decodes the response to {@code request}; the position of {@code message} is not changed.
     *
     * @param request a request of a type that has a response
     * @throws MalformedMessageException if {@code message} is not a valid response, has another type, or contains
     *     another record than was requested or sent
     */
    public KadResponse decodeResponse(ByteBuffer message, KadRequest request, Instant now)
            throws MalformedMessageException {
        return ResponseDecoder.read(readMessage(message, now), request);
    }

    private KadMessage readMessage(ByteBuffer message, Instant now) throws MalformedMessageException {
        return KadMessage.read(message, maxCloserPeersRead, MAX_PROVIDERS_READ, maxAddresses, requireNonNull(now));
    }
}
