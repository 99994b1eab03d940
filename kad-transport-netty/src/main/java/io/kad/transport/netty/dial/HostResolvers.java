package io.kad.transport.netty.dial;

import io.kad.transport.netty.dns.DnsServers;
import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Non-blocking DNS resolvers for the hosts of addresses: {@code /dns4} for IPv4, {@code /dns6} for IPv6, {@code /dns}
 * for both. They use the hosts file of the machine, and remember a bounded number of names. Thread-safe; {@link #close()}
 * releases the sockets.
 */
public final class HostResolvers implements AutoCloseable {

    private final Map<ResolvedAddressTypes, DnsAddressResolverGroup> groups = new EnumMap<>(ResolvedAddressTypes.class);
    private final DnsServers servers;
    private final int maxNames;
    private boolean closed;

    /**
     * Creates the resolvers of one transport; no socket is opened before the first lookup.
     *
     * @param maxNames limit of the names that each resolver remembers
     */
    public HostResolvers(DnsServers servers, int maxNames) {
        this.servers = servers;
        this.maxNames = maxNames;
    }

    /**
     * Returns a resolver, made at its first use: on an event loop, as Netty leaves thread-locals behind on the threads of users. Null once
     * closed.
     */
    private synchronized @Nullable DnsAddressResolverGroup group(ResolvedAddressTypes types) {
        return closed ? null : groups.computeIfAbsent(types, this::create);
    }

    private DnsAddressResolverGroup create(ResolvedAddressTypes types) {
        return new DnsAddressResolverGroup(
                servers.resolver().resolveCache(new NameCache(maxNames)).resolvedAddressTypes(types));
    }

    /** Resolves the host name of {@code target} on the event loop {@code executor}. */
    Future<List<InetAddress>> resolve(EventExecutor executor, SocketTarget target) {
        DnsAddressResolverGroup group =
                switch (target.dialled().components().get(0).protocol()) {
                    case DNS4 -> group(ResolvedAddressTypes.IPV4_ONLY);
                    case DNS6 -> group(ResolvedAddressTypes.IPV6_ONLY);
                    default -> group(ResolvedAddressTypes.IPV4_PREFERRED);
                };
        if (group == null) {
            return executor.newFailedFuture(new ClosedChannelException());
        }
        Promise<List<InetAddress>> addresses = executor.newPromise();
        group.getResolver((EventLoop) executor)
                .resolveAll(target.socket())
                .addListener((Future<List<InetSocketAddress>> resolved) -> {
                    if (resolved.isSuccess()) {
                        addresses.setSuccess(resolved.getNow().stream()
                                .map(InetSocketAddress::getAddress)
                                .toList());
                    } else {
                        addresses.setFailure(resolved.cause());
                    }
                });
        return addresses;
    }

    @Override
    public synchronized void close() {
        closed = true;
        groups.values().forEach(DnsAddressResolverGroup::close);
    }
}
