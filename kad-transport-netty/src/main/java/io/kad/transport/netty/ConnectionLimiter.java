package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.AddressRange;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.TokenBuckets;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits on connections: open in total; inbound in their upgrade; inbound of one host, open and accepted in a minute. Thread-safe.
 *
 * <p>A host is an IPv4 address or an IPv6 /56. Loopback connections do not count for the limit of one host. One {@linkplain AddressRange
 * address range} may have an eighth of the connections that are not yet upgraded, at least one.
 */
final class ConnectionLimiter {

    private static final int IP6_PREFIX_BYTES = 7;
    private static final int RANGES_THAT_FILL_PENDING = 8;

    private final int maxConnections;
    private final int maxPerHost;
    private final int maxPending;
    private final TokenBuckets accepts;
    private final LimitCounters counters;
    private final Map<String, Integer> byHost = new HashMap<>();
    /** Accepted connections that are not yet upgraded, and the address range of each. */
    private final Map<Channel, String> pending = new HashMap<>();

    private final Map<String, Integer> pendingByRange = new HashMap<>();

    private int connections;

    ConnectionLimiter(KademliaConfig config, LimitCounters counters, LongSupplier nanoTime) {
        this.maxConnections = config.get(KademliaConfig.MAX_CONNECTIONS);
        this.maxPerHost = config.get(TransportOptions.MAX_CONNECTIONS_PER_HOST);
        this.maxPending = config.get(TransportOptions.MAX_PENDING_UPGRADES);
        this.accepts = new TokenBuckets(config.get(TransportOptions.MAX_ACCEPTS_PER_MINUTE), nanoTime);
        this.counters = counters;
    }

    /** Returns whether the total limit allows another outbound connection. */
    boolean hasCapacity() {
        boolean free;
        synchronized (this) {
            free = connections < maxConnections;
        }
        if (!free) {
            counters.count(Limit.CONNECTIONS, "closed an outbound connection");
        }
        return free;
    }

    /** Counts an outbound connection until it closes. */
    void addOutbound(Channel channel) {
        synchronized (this) {
            connections++;
        }
        channel.closeFuture().addListener(closed -> {
            synchronized (this) {
                connections--;
            }
        });
    }

    /**
     * Counts an accepted connection until it closes, and returns true; returns false if a limit is reached. The caller
     * then closes the channel.
     */
    boolean tryAddInbound(Channel channel) {
        String host = host(channel.remoteAddress());
        String range = host.isEmpty() ? "" : AddressRange.of(channel.remoteAddress());
        Limit reached;
        synchronized (this) {
            reached = reachedLimit(host, range);
            if (reached == null) {
                connections++;
                pending.put(channel, range);
                pendingByRange.merge(range, 1, Integer::sum);
                byHost.merge(host, 1, Integer::sum);
            }
        }
        if (reached != null) {
            counters.count(reached, "refused a connection from " + channel.remoteAddress());
            return false;
        }
        channel.closeFuture().addListener(closed -> removeInbound(channel, host));
        return true;
    }

    /** Returns the limit that forbids another connection; takes a token of the host only if there is no other. */
    private @Nullable Limit reachedLimit(String host, String range) {
        boolean limited = !host.isEmpty();
        int maxPendingOfRange = Math.max(1, maxPending / RANGES_THAT_FILL_PENDING);
        if (limited && byHost.getOrDefault(host, 0) >= maxPerHost) {
            return Limit.CONNECTIONS_PER_HOST;
        } else if (pending.size() >= maxPending
                || (limited && pendingByRange.getOrDefault(range, 0) >= maxPendingOfRange)) {
            return Limit.PENDING_UPGRADES;
        } else if (connections >= maxConnections) {
            return Limit.CONNECTIONS;
        }
        return limited && !accepts.tryTake(host) ? Limit.ACCEPTS_PER_MINUTE : null;
    }

    /** Called for each accepted connection when its upgrade has succeeded or failed; a connection that closes needs no call. */
    synchronized void upgradeFinished(Channel channel) {
        String range = pending.remove(channel);
        if (range != null) {
            decrement(pendingByRange, range);
        }
    }

    private synchronized void removeInbound(Channel channel, String host) {
        connections--;
        upgradeFinished(channel);
        decrement(byHost, host);
    }

    private static void decrement(Map<String, Integer> counts, String key) {
        counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }

    /** Returns the host of a connection; empty for loopback. */
    private static String host(SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket)) {
            return "";
        }
        InetAddress ip = socket.getAddress();
        if (ip == null || ip.isLoopbackAddress()) {
            return "";
        }
        byte[] bytes = ip.getAddress();
        return Arrays.toString(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, IP6_PREFIX_BYTES));
    }
}
