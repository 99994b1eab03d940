package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Non-blocking DNS resolvers for the hosts of addresses: {@code /dns4} for IPv4, {@code /dns6} for IPv6, {@code /dns}
 * for either. They use the hosts file and the DNS servers of the machine. Thread-safe; {@link #close()} releases the
 * sockets.
 */
public final class HostResolvers implements AutoCloseable {

    /** Timeout of one query to a DNS server. */
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Map<ResolvedAddressTypes, DnsAddressResolverGroup> groups = new EnumMap<>(ResolvedAddressTypes.class);
    private boolean closed;

    /** Creates the resolvers of one transport; no socket is opened before the first lookup. */
    public HostResolvers() {}

    /** Returns a resolver, made at its first use: on an event loop, as Netty leaves thread-locals behind on the threads of users. */
    private synchronized DnsAddressResolverGroup group(ResolvedAddressTypes types) {
        if (closed) {
            throw new IllegalStateException("the resolvers are closed");
        }
        return groups.computeIfAbsent(types, HostResolvers::create);
    }

    private static DnsAddressResolverGroup create(ResolvedAddressTypes types) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(TIMEOUT.toMillis())
                .resolvedAddressTypes(types));
    }

    /**
     * Returns {@code bootstrap} with the resolver for the host of {@code address}, or without one if the host is an IP
     * address.
     */
    Bootstrap configure(Bootstrap bootstrap, Multiaddr address) {
        return switch (address.components().get(0).protocol()) {
            case DNS -> bootstrap.resolver(group(ResolvedAddressTypes.IPV4_PREFERRED));
            case DNS4 -> bootstrap.resolver(group(ResolvedAddressTypes.IPV4_ONLY));
            case DNS6 -> bootstrap.resolver(group(ResolvedAddressTypes.IPV6_ONLY));
            default -> bootstrap.disableResolver();
        };
    }

    @Override
    public synchronized void close() {
        closed = true;
        groups.values().forEach(DnsAddressResolverGroup::close);
    }
}
