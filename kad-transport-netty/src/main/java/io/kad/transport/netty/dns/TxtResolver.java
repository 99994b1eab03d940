package io.kad.transport.netty.dns;

import io.kad.api.id.Multiaddr;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.IDN;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Resolver of the addresses in the TXT records of names, with a cache. Thread-safe. */
final class TxtResolver implements AutoCloseable {

    /** Limit of the addresses of one name; the rest is ignored. */
    static final int MAX_ADDRESSES = 256;

    private static final String LABEL = "_dnsaddr.";
    /** Labels of a name in ASCII, of which a question has one more. */
    private static final Pattern HOST = Pattern.compile("(?:[a-z0-9_-]{1,63}\\.)*[a-z0-9_-]{1,63}");
    /** Limit of the characters of a name, without the last dot. */
    private static final int MAX_CHARS = 253;

    private final DnsServers servers;
    private final TxtCache cache;
    private final Map<EventLoop, DnsNameResolver> resolvers = new HashMap<>();
    private boolean closed;

    TxtResolver(DnsServers servers, TxtCache cache) {
        this.servers = servers;
        this.cache = cache;
    }

    /** Returns the name whose records have the addresses of {@code host}; empty if that is no host name. */
    static Optional<String> question(String host) {
        try {
            String ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
            String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
            boolean valid = HOST.matcher(name).matches() && LABEL.length() + name.length() <= MAX_CHARS;
            return valid ? Optional.of(LABEL + name + '.') : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the addresses of {@code host}, none if it has none. Fails if no server has answered. A query whose result was cancelled is not sent again. */
    Future<List<Multiaddr>> resolve(EventLoop loop, String host) {
        Optional<String> question = question(host);
        if (question.isEmpty()) {
            return loop.newFailedFuture(new UnknownHostException("not a host name"));
        }
        String name = question.get();
        Optional<List<Multiaddr>> known = cache.get(name);
        if (known.isPresent()) {
            return loop.newSucceededFuture(known.get());
        }
        DnsNameResolver resolver = resolver(loop);
        if (resolver == null) {
            return loop.newFailedFuture(new ClosedChannelException());
        }
        Promise<List<Multiaddr>> result = loop.newPromise();
        Future<List<DnsRecord>> query = resolver.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.TXT));
        query.addListener(done -> complete(name, query, result));
        result.addListener(done -> query.cancel(false)); // has no effect on one that has ended
        return result;
    }

    /** Returns the resolver of an event loop, made at its first use; null once closed. */
    private synchronized @Nullable DnsNameResolver resolver(EventLoop loop) {
        return closed
                ? null
                : resolvers.computeIfAbsent(
                        loop, missing -> servers.resolver().eventLoop(missing).build());
    }

    /** Completes {@code result}, which may have been cancelled meanwhile. */
    private void complete(String name, Future<List<DnsRecord>> answer, Promise<List<Multiaddr>> result) {
        if (answer.isSuccess()) {
            List<DnsRecord> records = answer.getNow();
            try {
                List<Multiaddr> addresses = records.stream()
                        .flatMap(TxtResolver::address)
                        .distinct()
                        .limit(MAX_ADDRESSES)
                        .toList();
                long ttl =
                        records.stream().mapToLong(DnsRecord::timeToLive).min().orElse(0);
                cache.put(name, addresses, ttl);
                result.trySuccess(addresses);
            } finally {
                records.forEach(ReferenceCountUtil::release);
            }
        } else if (hasNoRecord(answer.cause())) {
            cache.put(name, List.of(), TxtCache.NEGATIVE_TTL_SECONDS);
            result.trySuccess(List.of());
        } else {
            result.tryFailure(answer.cause());
        }
    }

    private static Stream<Multiaddr> address(DnsRecord record) {
        return record instanceof DnsRawRecord raw && DnsRecordType.TXT.equals(raw.type())
                ? TxtRecord.address(raw.content()).stream()
                : Stream.empty();
    }

    /** Returns whether a server has answered that there is no such record, or that it can't say. */
    private static boolean hasNoRecord(Throwable failure) {
        return failure instanceof UnknownHostException
                && (failure.getCause() == null || failure.getCause() instanceof DnsErrorCauseException);
    }

    @Override
    public synchronized void close() {
        closed = true;
        resolvers.values().forEach(DnsNameResolver::close);
    }
}
