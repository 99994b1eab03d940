package io.kad.transport.netty.dns;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/** DNS servers that a transport asks: those of the machine, or one that {@link TransportOptions#RESOLVER} names. Immutable. */
public final class DnsServers {

    /** Timeout of one query to a DNS server. */
    static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);
    /** Queries for one name, such as for an alias or of further servers; bounds the time that it goes on after its dial. */
    static final int MAX_QUERIES = 4;
    /** Size of the largest response over UDP that the local peer asks for; a larger one is asked for again over TCP. */
    static final int MAX_UDP_BYTES = 4096;

    private final Optional<InetSocketAddress> server;

    private DnsServers(Optional<InetSocketAddress> server) {
        this.server = server;
    }

    /** Returns the servers that {@code config} names. */
    public static DnsServers of(KademliaConfig config) {
        String text = config.get(TransportOptions.RESOLVER);
        return new DnsServers(
                text.equals(TransportOptions.RESOLVER.defaultValue()) ? Optional.empty() : Optional.of(socket(text)));
    }

    private static InetSocketAddress socket(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        byte[] ip = NetUtil.createByteArrayFromIpAddressString(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(ip), Integer.parseInt(text.substring(colon + 1)));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no IP address: " + text, e);
        }
    }

    /** Returns the settings of a resolver that asks these servers, by UDP, and by TCP for what is truncated. */
    public DnsNameResolverBuilder resolver() {
        return new DnsNameResolverBuilder()
                .nameServerProvider(provider())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .maxQueriesPerResolve(MAX_QUERIES)
                .maxPayloadSize(MAX_UDP_BYTES)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
    }

    private DnsServerAddressStreamProvider provider() {
        return server.<DnsServerAddressStreamProvider>map(SequentialDnsServerAddressStreamProvider::new)
                .orElseGet(DnsServerAddressStreamProviders::platformDefault);
    }
}
