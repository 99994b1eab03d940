package io.kad.transport.netty.dial;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.transport.netty.dns.DnsServers;
import io.kad.transport.netty.dns.DnsaddrResolver;

/** Resolvers of the names in addresses. Thread-safe; {@link #close()} releases their sockets. */
public record NameResolvers(HostResolvers hosts, DnsaddrResolver dnsaddrs) implements AutoCloseable {

    /** Creates the resolvers of one transport; no socket is opened before the first lookup. */
    public static NameResolvers of(KademliaConfig config) {
        DnsServers servers = DnsServers.of(config);
        int maxNames = config.get(TransportOptions.MAX_DNS_NAMES);
        return new NameResolvers(new HostResolvers(servers, maxNames), new DnsaddrResolver(servers, maxNames));
    }

    @Override
    public void close() {
        hosts.close();
        dnsaddrs.close();
    }
}
