package io.kad.transport.netty.protocol;

import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.PeerRates;
import io.netty.channel.ChannelHandler;
import java.util.Optional;

/** Protocol that the local peer serves on inbound streams. Thread-safe. */
public interface ServedProtocol {

    /** Returns the protocol ID, such as {@code /ipfs/ping/1.0.0}. */
    String id();

    /** Returns whether it is served at present; otherwise it is refused and not listed in identify. */
    default boolean isServed() {
        return true;
    }

    /** Returns how many inbound streams of one connection may be open. */
    int maxStreams();

    /** Returns the limit that is counted when a stream is reset because {@link #maxStreams} are open. */
    LimitId maxStreamsLimitId();

    /** Returns the rate of the remote peer of which each stream takes a token; empty if there is none. */
    default Optional<LimitId> streamRateLimit() {
        return Optional.empty();
    }

    /** Returns the first handler of an inbound stream of {@code connection}, whose remote peer {@code rateLimiter} limits. */
    ChannelHandler newStreamHandler(PeerConnection connection, PeerRates.Limiter rateLimiter);
}
