package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.AddressRange;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.transport.netty.connection.RemoteSocket;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.RemoteSource;
import io.kad.transport.netty.limit.TokenBuckets;
import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits on connections: open in total, with a share of each direction; inbound in their upgrade; inbound of one host and one network, open and
 * accepted in a minute. Thread-safe.
 *
 * <p>Loopback connections do not count for the limits by address range, but leave places to others.
 */
final class ConnectionLimiter {

    private final int maxConnections;
    private final int maxPerHost;
    private final int maxPerNetwork;
    private final int highWaterPercent;
    private final int lowWaterPercent;
    private final Map<Direction, Integer> shares = new EnumMap<>(Direction.class);
    private final TokenBuckets accepts;
    private final LimitCounters counters;
    private final PendingUpgrades pending;
    private final Map<Channel, Entry> entries = new HashMap<>();
    private final Map<Direction, Integer> open = new EnumMap<>(Direction.class);
    private final Map<AddressRange, Integer> inboundByRange = new HashMap<>();

    private record Entry(Direction direction, RemoteSource source) {}

    /** Whether a connection has a place, and whose it was. */
    private record Admission(boolean admitted, Optional<Channel> evicted) {

        static final Admission REFUSED = new Admission(false, Optional.empty());
    }

    ConnectionLimiter(KademliaConfig config, LimitCounters counters, LongSupplier nanoTime) {
        this.maxConnections = config.get(KademliaConfig.MAX_CONNECTIONS);
        this.maxPerHost = config.get(TransportOptions.MAX_CONNECTIONS_PER_HOST);
        this.maxPerNetwork = config.get(TransportOptions.MAX_CONNECTIONS_PER_NETWORK);
        this.highWaterPercent = config.get(TransportOptions.CONNECTION_HIGH_WATER_PERCENT);
        this.lowWaterPercent = Math.min(highWaterPercent, config.get(TransportOptions.CONNECTION_LOW_WATER_PERCENT));
        int inbound = percent(maxConnections, config.get(TransportOptions.INBOUND_CONNECTIONS_PERCENT));
        shares.put(Direction.INBOUND, inbound);
        shares.put(Direction.OUTBOUND, Math.max(1, maxConnections - inbound));
        this.pending = new PendingUpgrades(config.get(TransportOptions.MAX_PENDING_UPGRADES), nanoTime);
        this.accepts = new TokenBuckets(config.get(TransportOptions.MAX_ACCEPTS_PER_MINUTE), nanoTime);
        this.counters = counters;
    }

    /** Returns so many percent of {@code whole}, rounded up. */
    private static int percent(int whole, int percent) {
        return (int) (((long) whole * percent + 99) / 100);
    }

    /**
     * Counts an outbound connection until it closes, and returns true; returns false if a limit is reached.
     *
     * @param makeRoom closes another outbound connection; returns false if there is none that may be closed
     */
    boolean tryAddOutbound(Channel channel, BooleanSupplier makeRoom) {
        if (!tryAddOutbound(channel) && !(makeRoom.getAsBoolean() && tryAddOutbound(channel))) {
            counters.count(Limit.CONNECTIONS, "closed an outbound connection to " + RemoteSocket.of(channel));
            return false;
        }
        channel.closeFuture().addListener(closed -> remove(channel));
        return true;
    }

    private synchronized boolean tryAddOutbound(Channel channel) {
        if (isFull(Direction.OUTBOUND)) {
            return false;
        }
        add(channel, new Entry(Direction.OUTBOUND, RemoteSource.of(RemoteSocket.of(channel))));
        return true;
    }

    /**
     * Counts an accepted connection until it closes, and returns true; returns false if a limit is reached. The caller
     * then closes the channel. Its remote address must be proved, as the limits of its host and network count it.
     *
     * @param upgraded whether its upgrade has ended
     * @param makeRoom closes another inbound connection; returns false if there is none that may be closed
     */
    boolean tryAddInbound(Channel channel, boolean upgraded, BooleanSupplier makeRoom) {
        RemoteSource source = RemoteSource.of(RemoteSocket.of(channel));
        Limit reached;
        Admission admission;
        synchronized (this) {
            reached = reachedLimit(source, upgraded);
            admission = reached == null ? admit(channel, source, upgraded, false) : Admission.REFUSED;
        }
        if (reached == null && !admission.admitted()) {
            boolean hasRoom = makeRoom.getAsBoolean();
            synchronized (this) {
                admission = admit(channel, source, upgraded, !hasRoom);
            }
        }
        if (!admission.admitted()) {
            if (reached == null) {
                giveBackAccept(source);
            }
            counters.count(
                    reached == null ? Limit.CONNECTIONS : reached,
                    "refused a connection from " + RemoteSocket.of(channel));
            return false;
        }
        channel.closeFuture().addListener(closed -> remove(channel));
        admission.evicted().ifPresent(this::closeEvicted);
        return true;
    }

    private void closeEvicted(Channel evicted) {
        counters.count(
                Limit.PENDING_UPGRADES,
                "closed the connection from " + RemoteSocket.of(evicted) + " in its upgrade, for another one");
        evicted.close();
    }

    /**
     * Counts an accepted connection if there is a place, for which one that is in its upgrade may be evicted.
     *
     * @param hanging whether one that hangs may be evicted though few are in their upgrade
     */
    private Admission admit(Channel channel, RemoteSource source, boolean upgraded, boolean hanging) {
        boolean manyPending = !upgraded && pending.isFull(source);
        boolean full = isFull(Direction.INBOUND);
        Optional<Channel> evicted = manyPending
                ? pending.victim(source)
                : full && hanging ? pending.hanging() : Optional.empty();
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
    private @Nullable Limit reachedLimit(RemoteSource source, boolean upgraded) {
        for (AddressRange range : source.ranges()) {
            if (inboundByRange.getOrDefault(range, 0) >= (range.isHost() ? maxPerHost : maxPerNetwork)) {
                return range.isHost() ? Limit.CONNECTIONS_PER_HOST : Limit.CONNECTIONS_PER_NETWORK;
            }
        }
        if (!upgraded && pending.isFull(source) && pending.victim(source).isEmpty()) {
            return Limit.PENDING_UPGRADES;
        }
        boolean tooFast = !source.ranges().isEmpty()
                && !accepts.tryTake(source.ranges().get(0).toString());
        return tooFast ? Limit.ACCEPTS_PER_MINUTE : null;
    }

    /** Gives the token of a connection back that found no room. */
    private synchronized void giveBackAccept(RemoteSource source) {
        if (!source.ranges().isEmpty()) {
            accepts.giveBack(source.ranges().get(0).toString());
        }
    }

    /** Returns whether a connection counts: it is open, and not about to close. */
    synchronized boolean counts(Channel channel) {
        return entries.containsKey(channel);
    }

    private boolean isFull(Direction direction) {
        return entries.size() >= maxConnections || open.getOrDefault(direction, 0) >= share(direction);
    }

    private int share(Direction direction) {
        return shares.getOrDefault(direction, maxConnections);
    }

    private void add(Channel channel, Entry entry) {
        entries.put(channel, entry);
        open.merge(entry.direction(), 1, Integer::sum);
    }

    /** Called for an accepted connection when its remote peer has agreed on how to secure it. */
    synchronized void upgradeUnderWay(Channel channel) {
        pending.underWay(channel);
    }

    /** Called for each accepted connection when its upgrade has succeeded or failed; a connection that closes needs no call. */
    synchronized void upgradeFinished(Channel channel) {
        pending.remove(channel);
    }

    /** Called when a connection closes, or is about to; returns whether it counted until now. */
    synchronized boolean remove(Channel channel) {
        Entry entry = entries.remove(channel);
        pending.remove(channel);
        if (entry != null) {
            open.merge(entry.direction(), -1, Integer::sum);
            if (entry.direction() == Direction.INBOUND) {
                entry.source()
                        .ranges()
                        .forEach(range ->
                                inboundByRange.computeIfPresent(range, (same, count) -> count == 1 ? null : count - 1));
            }
        }
        return entry != null;
    }

    /** Returns how many connections of a direction are to be closed if they are idle: down to low water once they are above high water. */
    synchronized int excess(Direction direction) {
        int count = open.getOrDefault(direction, 0);
        int share = share(direction);
        return count <= percent(share, highWaterPercent) ? 0 : count - percent(share, lowWaterPercent);
    }
}
