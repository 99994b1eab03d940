package io.kad.transport.netty.limit;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.PeerId;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Rates of what remote peers send: token buckets of each peer, over all its connections, and of each {@linkplain RemoteSource#group() group},
 * because an identity costs nothing. Loopback is exempt from those of the group. Thread-safe.
 */
public final class PeerRates {

    /** Number of peers of one group that may use their whole rate: as many as one host may have connections, in go-libp2p. */
    static final int PEERS_PER_GROUP = 8;

    private final Map<LimitId, Rate> rates = new EnumMap<>(LimitId.class);
    private final LimitCounters counters;

    /** Rate of one kind of messages. */
    private static final class Rate {

        private static final long PEER_EXCEEDED = -1;
        private static final long GROUP_EXCEEDED = -2;

        private final TokenBuckets peers;
        private final TokenBuckets groups;

        Rate(int perMinute, LongSupplier nanoTime) {
            peers = new TokenBuckets(perMinute, nanoTime);
            groups = new TokenBuckets(perMinute * PEERS_PER_GROUP, nanoTime);
        }

        /**
         * Takes a token of the peer and one of its group, if both are there within {@code maxWaitNanos}. Returns how long it takes until then, or
         * which rate is exceeded. If it is that of the peer, no token of the group is taken.
         */
        synchronized long takeWithin(String peer, String group, long maxWaitNanos) {
            long ofPeer = peers.takeWithin(peer, maxWaitNanos);
            if (ofPeer < 0) {
                return PEER_EXCEEDED;
            }
            long ofGroup = group.isEmpty() ? 0 : groups.takeWithin(group, maxWaitNanos);
            if (ofGroup < 0) {
                peers.giveBack(peer);
                return GROUP_EXCEEDED;
            }
            return Math.max(ofPeer, ofGroup);
        }

        synchronized void giveBack(String peer, String group) {
            peers.giveBack(peer);
            groups.giveBack(group);
        }
    }

    /** Creates the rates of {@code config}. */
    public PeerRates(KademliaConfig config, LimitCounters counters) {
        this(config, counters, System::nanoTime);
    }

    /** Creates the rates of {@code config} by a clock. */
    public PeerRates(KademliaConfig config, LimitCounters counters, LongSupplier nanoTime) {
        this.counters = counters;
        rates.put(
                LimitId.REQUESTS_PER_MINUTE, new Rate(config.get(TransportOptions.MAX_REQUESTS_PER_MINUTE), nanoTime));
        rates.put(
                LimitId.STORED_RECORDS_PER_MINUTE,
                new Rate(config.get(TransportOptions.MAX_STORED_RECORDS_PER_MINUTE), nanoTime));
        rates.put(
                LimitId.STORED_PROVIDERS_PER_MINUTE,
                new Rate(config.get(TransportOptions.MAX_STORED_PROVIDERS_PER_MINUTE), nanoTime));
        rates.put(LimitId.PUSHES_PER_MINUTE, new Rate(config.get(TransportOptions.MAX_PUSHES_PER_MINUTE), nanoTime));
    }

    /** Returns the limiter of {@code peer} at the address {@code remote}. */
    public Limiter limiter(PeerId peer, SocketAddress remote) {
        RemoteSource source = RemoteSource.of(remote);
        return new Limiter(peer.toString(), source.ranges().isEmpty() ? "" : source.group());
    }

    /** Limiter of what one peer at one address sends. Thread-safe. */
    public final class Limiter {

        private final String peer;
        private final String group;

        private Limiter(String peer, String group) {
            this.peer = peer;
            this.group = group;
        }

        /**
         * Takes a token of the peer and one of its group; returns false, and counts {@code limit}, if there is none: its stream is then to
         * be reset.
         */
        public boolean tryTake(LimitId limit) {
            return takeWithin(limit, 0) == 0;
        }

        /**
         * Takes a token of the peer and one of its group that are there within {@code maxWaitNanos}. Returns how long it takes until then: what
         * the peer has sent is then to wait for so long. Returns a negative number if there is none in that time, as for {@link #tryTake}. Counts
         * {@code limit} unless there is a token at once.
         */
        public long takeWithin(LimitId limit, long maxWaitNanos) {
            long wait = rate(limit).takeWithin(peer, group, maxWaitNanos);
            if (wait < 0) {
                String exceeded = wait == Rate.PEER_EXCEEDED ? "the peer" : "its address range";
                counters.countAndLog(limit, "reset a stream of " + peer + ": " + exceeded + " has no token left");
            } else if (wait > 0) {
                counters.countAndLog(limit, "delayed a request of " + peer + " until it has a token");
            }
            return wait;
        }

        /** Gives the tokens back that were taken for something which has not been done. */
        public void giveBack(LimitId limit) {
            rate(limit).giveBack(peer, group);
        }

        private Rate rate(LimitId limit) {
            Rate rate = rates.get(limit);
            if (rate == null) {
                throw new IllegalArgumentException(limit + " is not a rate");
            }
            return rate;
        }
    }
}
