package io.kad.transport.netty;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Limit on open connections: in total, inbound and not yet upgraded, and inbound from one host. Thread-safe.
 *
 * <p>A host is an IPv4 address or an IPv6 /56. Loopback connections do not count for the limit of one host.
 */
final class ConnectionLimiter {

    private static final int IP6_PREFIX_BYTES = 7;

    private final int maxConnections;
    private final Map<String, Integer> byHost = new HashMap<>();
    /** Accepted connections that are not yet upgraded. */
    private final Set<Channel> pending = new HashSet<>();

    private int connections;

    ConnectionLimiter(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    /** Returns whether the total limit allows another outbound connection. */
    synchronized boolean hasCapacity() {
        return connections < maxConnections;
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
        String host = host(channel);
        synchronized (this) {
            int fromHost = byHost.getOrDefault(host, 0);
            if (connections >= maxConnections
                    || pending.size() >= TransportLimits.MAX_PENDING_INBOUND
                    || (!host.isEmpty() && fromHost >= TransportLimits.MAX_INBOUND_PER_HOST)) {
                return false;
            }
            connections++;
            pending.add(channel);
            byHost.put(host, fromHost + 1);
        }
        channel.closeFuture().addListener(closed -> removeInbound(channel, host));
        return true;
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
    private static String host(Channel channel) {
        if (!(channel.remoteAddress() instanceof InetSocketAddress socket)) {
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
