package io.kad.transport.netty.dial;

import io.kad.transport.netty.TransportLimits;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cache of the IP addresses of host names, for as long as their servers allow and for an hour at most; failures for 10 s. Bounded in names,
 * of which the one that was added first is forgotten, and in addresses of a name. Thread-safe.
 */
final class NameCache implements DnsCache {

    private static final int MAX_TTL_SECONDS = 3600;
    private static final int NEGATIVE_TTL_SECONDS = 10;

    private final DnsCache entries = new DefaultDnsCache(0, MAX_TTL_SECONDS, NEGATIVE_TTL_SECONDS);
    private final int maxNames;
    /** Names that may be in the cache, oldest first, with the number of addresses that were added to each. */
    private final Map<String, Integer> names = new LinkedHashMap<>();

    /** Entry that is not in the cache. */
    private record Uncached(
            @Nullable InetAddress address, @Nullable Throwable cause) implements DnsCacheEntry {}

    NameCache(int maxNames) {
        this.maxNames = maxNames;
    }

    /** Returns the number of names that may be in the cache. */
    synchronized int size() {
        return names.size();
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
        return entries.get(key(hostname), additionals);
    }

    @Override
    public DnsCacheEntry cache(
            String hostname,
            DnsRecord @Nullable [] additionals,
            InetAddress address,
            long originalTtl,
            EventLoop loop) {
        return admits(hostname)
                ? entries.cache(key(hostname), additionals, address, originalTtl, loop)
                : new Uncached(address, null);
    }

    @Override
    public DnsCacheEntry cache(String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
        return admits(hostname) ? entries.cache(key(hostname), additionals, cause, loop) : new Uncached(null, cause);
    }

    /** Counts an address of a name; returns false if it has too many. */
    private synchronized boolean admits(String hostname) {
        String name = key(hostname);
        if (entries.get(name, null) == null) {
            names.remove(name); // its entries have expired
        }
        int count = names.merge(name, 1, Integer::sum);
        if (names.size() > maxNames) {
            Iterator<String> oldest = names.keySet().iterator();
            entries.clear(oldest.next());
            oldest.remove();
        }
        return count <= TransportLimits.MAX_ADDRESSES_PER_NAME;
    }

    private static String key(String hostname) {
        String lower = hostname.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower : lower + '.';
    }

    @Override
    public synchronized void clear() {
        names.clear();
        entries.clear();
    }

    @Override
    public synchronized boolean clear(String hostname) {
        names.remove(key(hostname));
        return entries.clear(key(hostname));
    }
}
