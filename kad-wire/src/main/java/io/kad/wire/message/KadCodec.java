package io.kad.wire.message;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.wire.encoding.Frames;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.encoding.MessageTooLargeException;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The Kademlia messages, from bytes to values and back, within the limits of one configuration.
 *
 * <p>Messages come and go without the length in front of them, which is the {@linkplain Frames frame's}. Since records carry their
 * time to live relative to the moment of sending, every call is told what time it is. Thread-safe.
 *
 * <p>Reading is liberal where something can be left out: an address, a peer id or a connection type that is not understood is passed
 * over and the rest is used, at most {@value #MIN_CLOSER_PEERS_READ} or 2k closer peers and {@value #MAX_PROVIDERS_READ} providers
 * of a message, each with as many addresses as the configuration allows. What is sent stays within
 * {@link KademliaConfig#MAX_SENT_MESSAGE_BYTES}.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md">libp2p kad-dht, RPC messages</a>
 */
public final class KadCodec {

    /** How many closer peers of one message are read at least, however small k is; go reads 40. */
    public static final int MIN_CLOSER_PEERS_READ = 40;
    /** How many providers of one message are read; ours, some 50 KiB of them. */
    public static final int MAX_PROVIDERS_READ = 512;

    private final int maxCloserPeersRead;
    private final int maxAddresses;
    private final int maxSentBytes;

    /** Makes a codec with the limits of {@code config}. */
    public KadCodec(KademliaConfig config) {
        this.maxCloserPeersRead = Math.max(MIN_CLOSER_PEERS_READ, 2 * config.get(KademliaConfig.K));
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.maxSentBytes = config.get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
    }

    /**
     * Returns {@code request} as bytes; addresses of announced providers are left out as far as they don't fit.
     *
     * @throws MessageTooLargeException if its key, its record, or its providers without their further addresses don't fit
     */
    public byte[] encode(KadRequest request, Instant now) throws MessageTooLargeException {
        MessageBuilder message = request.accept(new RequestEncoder(maxAddresses, maxSentBytes, requireNonNull(now)));
        return message.build(maxSentBytes);
    }

    /**
     * Returns {@code response} as bytes.
     *
     * <p>What does not fit is left out: of the peers the farthest, and before any of them the further addresses of all. Closer peers
     * have half the room before providers have theirs, so that a lookup goes on, and after them what providers leave. A record is
     * never left out. One that alone is larger than the limit goes alone: it came in a message that large, so there are peers that
     * can read it, and to those that can't any answer is as good as none.
     */
    public byte[] encode(KadResponse response, Instant now) {
        return response.accept(new ResponseEncoder(maxAddresses, maxSentBytes, requireNonNull(now)))
                .toArray();
    }

    /**
     * Returns the request that {@code message} is; its position is not moved.
     *
     * @throws MalformedMessageException if it is none
     */
    public KadRequest decodeRequest(ByteBuffer message, Instant now) throws MalformedMessageException {
        return RequestDecoder.read(readMessage(message, now));
    }

    /**
     * Returns the answer to {@code asked} that {@code message} is; its position is not moved.
     *
     * @param asked a request of a kind that has an answer
     * @throws MalformedMessageException if it is none, one of another kind, or one about another record than was asked for or sent
     */
    public KadResponse decodeResponse(ByteBuffer message, KadRequest asked, Instant now)
            throws MalformedMessageException {
        return ResponseDecoder.read(readMessage(message, now), asked);
    }

    private KadMessage readMessage(ByteBuffer message, Instant now) throws MalformedMessageException {
        return KadMessage.read(message, maxCloserPeersRead, MAX_PROVIDERS_READ, maxAddresses, requireNonNull(now));
    }
}
