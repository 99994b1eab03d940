package io.kad.transport.netty.limit;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.PeerId;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rates of what remote peers send: token buckets of each peer, over all its connections, and of each {@linkplain RemoteSource#group() address range},
 * because an identity costs nothing. Loopback is exempt from those of the range. Thread-safe.
 */
public final class PeerRates {

    /** Number of peers of one address range that may use their whole rate: as many as one host may have connections, in go-libp2p. */
    static final int PEERS_PER_RANGE = 8;

    private final Map<Limit, Rate> rates = new EnumMap<>(Limit.class);
    private final LimitCounters counters;

    /** Rate of one kind of messages. */
    private static final class Rate {

        private final TokenBuckets peers;
        private final TokenBuckets ranges;

        Rate(int perMinute, LongSupplier nanoTime) {
            peers = new TokenBuckets(perMinute, nanoTime);
            ranges = new TokenBuckets(perMinute * PEERS_PER_RANGE, nanoTime);
        }

        /** Returns whose rate is exceeded; null if both have a token. What a peer sends beyond its own rate takes none of its range. */
        synchronized @Nullable String exceeded(String peer, String range) {
            if (!peers.tryTake(peer)) {
                return "the peer";
            }
            return range.isEmpty() || ranges.tryTake(range) ? null : "its address range";
        }
    }

    /** Creates the rates of {@code config}. */
    public PeerRates(KademliaConfig config, LimitCounters counters) {
        this(config, counters, System::nanoTime);
    }

    PeerRates(KademliaConfig config, LimitCounters counters, LongSupplier nanoTime) {
        this.counters = counters;
        rates.put(Limit.REQUESTS_PER_MINUTE, new Rate(config.get(TransportOptions.MAX_REQUESTS_PER_MINUTE), nanoTime));
        rates.put(
                Limit.STORED_RECORDS_PER_MINUTE,
                new Rate(config.get(TransportOptions.MAX_STORED_RECORDS_PER_MINUTE), nanoTime));
        rates.put(
                Limit.STORED_PROVIDERS_PER_MINUTE,
                new Rate(config.get(TransportOptions.MAX_STORED_PROVIDERS_PER_MINUTE), nanoTime));
        rates.put(Limit.PUSHES_PER_MINUTE, new Rate(config.get(TransportOptions.MAX_PUSHES_PER_MINUTE), nanoTime));
    }

    /** Returns the rates of {@code peer} at the address {@code remote}. */
    public OfPeer of(PeerId peer, SocketAddress remote) {
        RemoteSource source = RemoteSource.of(remote);
        return new OfPeer(peer.toString(), source.ranges().isEmpty() ? "" : source.group());
    }

    /** Rates of one peer at one address. Thread-safe. */
    public final class OfPeer {

        private final String peer;
        private final String range;

        private OfPeer(String peer, String range) {
            this.peer = peer;
            this.range = range;
        }

        /**
         * Takes a token of the peer and one of its range; returns false, and counts {@code limit}, if there is none: its stream is then to
         * be reset.
         */
        public boolean tryTake(Limit limit) {
            Rate rate = rates.get(limit);
            if (rate == null) {
                throw new IllegalArgumentException(limit + " is not a rate");
            }
            String exceeded = rate.exceeded(peer, range);
            if (exceeded != null) {
                counters.count(limit, "reset a stream of " + peer + ": " + exceeded + " has no token left");
            }
            return exceeded == null;
        }
    }
}
