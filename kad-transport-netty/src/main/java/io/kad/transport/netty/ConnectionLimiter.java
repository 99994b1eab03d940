package io.kad.transport.netty;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides which connections are accepted: so many in all, so many that are not yet upgraded, so many of one host. Thread-safe.
 *
 * <p>A host is an IPv4 address or an IPv6 /56; loopback is exempt from the limit of one host.
 */
final class ConnectionLimiter {

    private static final int IP6_PREFIX_BYTES = 7;

    private final int maxConnections;
    private final Map<String, Integer> byHost = new HashMap<>();
    private int connections;
    private int pending;

    ConnectionLimiter(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    /** Returns whether one more outbound connection may be opened. */
    synchronized boolean hasCapacity() {
        return connections < maxConnections;
    }

    /** Counts an outbound connection until it is closed. */
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

    /** Takes in an accepted connection, or returns false if it is one too many. */
    boolean tryAddInbound(Channel channel) {
        String host = host(channel);
        synchronized (this) {
            int ofHost = byHost.getOrDefault(host, 0);
            if (connections >= maxConnections
                    || pending >= TransportLimits.MAX_PENDING_INBOUND
                    || (!host.isEmpty() && ofHost >= TransportLimits.MAX_INBOUND_PER_HOST)) {
                return false;
            }
            connections++;
            pending++;
            byHost.put(host, ofHost + 1);
        }
        channel.closeFuture().addListener(closed -> removeInbound(host));
        return true;
    }

    /** Takes note that the upgrade of an accepted connection ended, well or not; once for each. */
    synchronized void upgradeFinished() {
        pending--;
    }

    private synchronized void removeInbound(String host) {
        connections--;
        byHost.computeIfPresent(host, (any, count) -> count == 1 ? null : count - 1);
    }

    /** Returns the host of a connection; empty for this machine. */
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
