package io.kad.transport.netty;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.TokenBuckets;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limit on open connections: in total, inbound and not yet upgraded, and inbound from one host, also in a minute. Thread-safe.
 *
 * <p>A host is an IPv4 address or an IPv6 /56. Loopback connections do not count for the limit of one host.
 */
final class ConnectionLimiter {

    private static final int IP6_PREFIX_BYTES = 7;

    private final int maxConnections;
    private final int maxPerHost;
    private final int maxPending;
    private final TokenBuckets accepts;
    private final LimitCounters counters;
    private final Map<String, Integer> byHost = new HashMap<>();
    /** Accepted connections that are not yet upgraded. */
    private final Set<Channel> pending = new HashSet<>();

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
        Limit reached;
        synchronized (this) {
            reached = reachedLimit(host);
            if (reached == null) {
                connections++;
                pending.add(channel);
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

    private @Nullable Limit reachedLimit(String host) {
        if (!host.isEmpty() && !accepts.tryTake(host)) {
            return Limit.ACCEPTS_PER_MINUTE;
        } else if (!host.isEmpty() && byHost.getOrDefault(host, 0) >= maxPerHost) {
            return Limit.CONNECTIONS_PER_HOST;
        } else if (pending.size() >= maxPending) {
            return Limit.PENDING_UPGRADES;
        }
        return connections >= maxConnections ? Limit.CONNECTIONS : null;
    }

    /** Called for each accepted connection when its upgrade has succeeded or failed; a connection that closes needs no call. */
    synchronized void upgradeFinished(Channel channel) {
        pending.remove(channel);
    }

    private synchronized void removeInbound(Channel channel, String host) {
        connections--;
        pending.remove(channel);
        byHost.computeIfPresent(host, (key, count) -> count == 1 ? null : count - 1);
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
