package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.AddressRange;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.limit.TokenBuckets;
import io.netty.channel.Channel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Limits on connections: open in total, with a share of each direction; inbound in their upgrade; inbound of one host and one network, open and
 * accepted in a minute. Thread-safe.
 *
 * <p>Loopback connections do not count for the limits by address range, but leave places to others.
 */
final class ConnectionLimiter {

    private final int maxPerHost;
    private final int maxPerNetwork;
    private final ConnectionShares shares;
    private final TokenBuckets accepts;
    private final LimitCounters counters;
    private final PendingUpgrades pending;
    private final Map<Channel, Entry> entries = new HashMap<>();
    private final Map<AddressRange, Integer> inboundByRange = new HashMap<>();

    private record Entry(Direction direction, RemoteSource source) {}

    /** Place of a connection, if it has found one, and the connection that has lost it for that. */
    private record Admission(boolean admitted, Optional<Channel> evicted) {

        static final Admission REFUSED = new Admission(false, Optional.empty());
    }

    ConnectionLimiter(KademliaConfig config, LimitCounters counters, LongSupplier nanoTime) {
        this.shares = new ConnectionShares(config);
        this.maxPerHost = config.get(TransportOptions.MAX_CONNECTIONS_PER_HOST);
        this.maxPerNetwork = config.get(TransportOptions.MAX_CONNECTIONS_PER_NETWORK);
        this.pending = new PendingUpgrades(config.get(TransportOptions.MAX_PENDING_UPGRADES), nanoTime);
        this.accepts = new TokenBuckets(config.get(TransportOptions.MAX_ACCEPTS_PER_MINUTE), nanoTime);
        this.counters = counters;
    }

    /**
     * Counts an outbound connection until it closes, and returns true; returns false if a limit is reached.
     *
     * @param makeRoom closes another connection of a direction; returns false if there is none that may be closed
     */
    boolean tryAddOutbound(Channel channel, Predicate<Direction> makeRoom) {
        Admission admission;
        Direction directionToPrune = Direction.OUTBOUND;
        synchronized (this) {
            admission = admitOutbound(channel, false);
            if (!admission.admitted()) {
                directionToPrune = shares.beginClaim(Direction.OUTBOUND);
            }
        }
        if (!admission.admitted()) {
            boolean hasRoom = makeRoom.test(directionToPrune);
            synchronized (this) {
                shares.endClaim(Direction.OUTBOUND, directionToPrune);
                admission = admitOutbound(channel, !hasRoom && directionToPrune == Direction.INBOUND);
            }
        }
        if (!admission.admitted()) {
            counters.countAndLog(LimitId.CONNECTIONS, "closed an outbound connection to " + RemoteSocket.of(channel));
        }
        return removeWhenClosed(channel, admission);
    }

    /**
     * Counts an outbound connection if there is a place.
     *
     * @param upgrading whether an inbound one in its upgrade may be evicted
     */
    private Admission admitOutbound(Channel channel, boolean upgrading) {
        boolean full = shares.isFull(Direction.OUTBOUND);
        Optional<Channel> evicted = full && upgrading ? pending.leastAdvanced() : Optional.empty();
        if (full && evicted.isEmpty()) {
            return Admission.REFUSED;
        }
        evicted.ifPresent(this::remove);
        add(channel, new Entry(Direction.OUTBOUND, RemoteSource.of(RemoteSocket.of(channel))));
        return new Admission(true, evicted);
    }

    /** Returns whether a connection has a place, which it has until it closes. */
    private boolean removeWhenClosed(Channel channel, Admission admission) {
        if (admission.admitted()) {
            channel.closeFuture().addListener(closed -> remove(channel));
            admission.evicted().ifPresent(this::closeEvicted);
        }
        return admission.admitted();
    }

    /**
     * Counts an accepted connection until it closes, and returns true; returns false if a limit is reached. The caller
     * then closes the channel. Its remote address must be proved, as the limits of its host and network count it.
     *
     * @param upgraded whether its upgrade has ended
     * @param makeRoom closes another connection of a direction; returns false if there is none that may be closed
     */
    boolean tryAddInbound(Channel channel, boolean upgraded, Predicate<Direction> makeRoom) {
        RemoteSource source = RemoteSource.of(RemoteSocket.of(channel));
        LimitId reached;
        Admission admission = Admission.REFUSED;
        Direction directionToPrune = Direction.INBOUND;
        synchronized (this) {
            reached = reachedLimit(source, upgraded);
            if (reached == null) {
                admission = admitInbound(channel, source, upgraded, false);
                directionToPrune = admission.admitted() ? directionToPrune : shares.beginClaim(Direction.INBOUND);
            }
        }
        if (reached == null && !admission.admitted()) {
            boolean hasRoom = makeRoom.test(directionToPrune);
            synchronized (this) {
                shares.endClaim(Direction.INBOUND, directionToPrune);
                admission = admitInbound(channel, source, upgraded, !hasRoom);
            }
        }
        if (!admission.admitted()) {
            if (reached == null) {
                reached = LimitId.CONNECTIONS;
                giveBackAccept(source);
            }
            counters.countAndLog(reached, "refused a connection from " + RemoteSocket.of(channel));
        }
        return removeWhenClosed(channel, admission);
    }

    private void closeEvicted(Channel evicted) {
        counters.countAndLog(
                LimitId.PENDING_UPGRADES,
                "closed the connection from " + RemoteSocket.of(evicted) + " in its upgrade, for another one");
        evicted.close();
    }

    /**
     * Counts an accepted connection if there is a place, for which one that is in its upgrade may be evicted.
     *
     * @param mayEvictHanging whether one that hangs may be evicted though few are in their upgrade
     */
    private Admission admitInbound(Channel channel, RemoteSource source, boolean upgraded, boolean mayEvictHanging) {
        boolean manyPending = !upgraded && pending.isFull(source);
        boolean full = shares.isFull(Direction.INBOUND);
        Optional<Channel> evicted = manyPending
                ? pending.evictionCandidate(source)
                : full && mayEvictHanging ? pending.oldestHanging() : Optional.empty();
        if (evicted.isEmpty() && (manyPending || full)) {
            return Admission.REFUSED;
        }
        evicted.ifPresent(this::remove);
        add(channel, new Entry(Direction.INBOUND, source));
        source.ranges().forEach(range -> inboundByRange.merge(range, 1, Integer::sum));
        if (!upgraded) {
            pending.add(channel, source);
        }
        return new Admission(true, evicted);
    }

    /** Returns the limit that forbids another connection, whatever room there is; takes a token of the host only if there is no other. */
    private @Nullable LimitId reachedLimit(RemoteSource source, boolean upgraded) {
        for (AddressRange range : source.ranges()) {
            if (inboundByRange.getOrDefault(range, 0) >= (range.isHost() ? maxPerHost : maxPerNetwork)) {
                return range.isHost() ? LimitId.CONNECTIONS_PER_HOST : LimitId.CONNECTIONS_PER_NETWORK;
            }
        }
        if (!upgraded
                && pending.isFull(source)
                && pending.evictionCandidate(source).isEmpty()) {
            return LimitId.PENDING_UPGRADES;
        }
        boolean tooFast = !source.ranges().isEmpty()
                && !accepts.tryTake(source.ranges().get(0).toString());
        return tooFast ? LimitId.ACCEPTS_PER_MINUTE : null;
    }

    /** Gives the token of a connection back that found no room. */
    private synchronized void giveBackAccept(RemoteSource source) {
        if (!source.ranges().isEmpty()) {
            accepts.giveBack(source.ranges().get(0).toString());
        }
    }

    /** Returns whether a connection counts: it is open, and not about to close. */
    synchronized boolean isCounted(Channel channel) {
        return entries.containsKey(channel);
    }

    private void add(Channel channel, Entry entry) {
        entries.put(channel, entry);
        shares.add(entry.direction());
    }

    /** Called for an accepted connection when a step before that agreement is done. */
    synchronized void upgradeAdvanced(Channel channel) {
        pending.advanced(channel);
    }

    /** Called for an accepted connection when its remote peer has agreed on how to secure it. */
    synchronized void securityAgreed(Channel channel) {
        pending.securityAgreed(channel);
    }

    /** Called for each accepted connection when its upgrade has succeeded or failed; a connection that closes needs no call. */
    synchronized void upgradeEnded(Channel channel) {
        pending.remove(channel);
    }

    /** Called when a connection closes, or is about to; returns whether it counted until now. */
    synchronized boolean remove(Channel channel) {
        Entry entry = entries.remove(channel);
        pending.remove(channel);
        if (entry != null) {
            shares.remove(entry.direction());
            if (entry.direction() == Direction.INBOUND) {
                entry.source()
                        .ranges()
                        .forEach(range ->
                                inboundByRange.computeIfPresent(range, (same, count) -> count == 1 ? null : count - 1));
            }
        }
        return entry != null;
    }

    /** Returns how many connections of a direction are to be closed if they are idle. */
    synchronized int excess(Direction direction) {
        return shares.excess(direction);
    }
}
