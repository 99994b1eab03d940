package io.kad.transport.netty.dns;

import io.kad.api.id.Multiaddr;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;

/**
 * Resolver of {@code /dnsaddr} addresses to those that their TXT records name, through further {@code /dnsaddr} addresses among them. Thread-safe;
 * {@link #close()} releases the sockets.
 *
 * @see <a href="https://github.com/multiformats/multiaddr/blob/master/protocols/DNSADDR.md">dnsaddr</a>
 */
public final class DnsaddrResolver implements AutoCloseable {

    /** Names in a row, each of which is named by the one before. As in go-libp2p. */
    public static final int MAX_DEPTH = 4;
    /** Names of one lookup for an address that the user has given. As in rust-libp2p and js-libp2p. */
    public static final int MAX_NAMES = 32;
    /** Names of one lookup for an address that a remote peer states. */
    public static final int MAX_UNTRUSTED_NAMES = 8;
    /** Addresses that a lookup results in. As in go-libp2p. */
    public static final int MAX_RESULTS = 100;
    /** Time of a lookup, after which what was found is its result. */
    public static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final TxtResolver records;

    /**
     * Creates a resolver; no socket is opened before the first lookup.
     *
     * @param maxNames limit of the names whose records are remembered
     */
    public DnsaddrResolver(DnsServers servers, int maxNames) {
        this.records = new TxtResolver(servers, new TxtCache(maxNames, System::nanoTime));
    }

    /**
     * Resolves {@code address} on an event loop. Fails with a message for people if no address is found.
     *
     * @param address begins with {@code /dnsaddr}; only records are used that end in the components behind that
     * @param trusted whether the user has given it
     * @return at most {@link #MAX_RESULTS} addresses in the order of the records, none of which begins with {@code /dnsaddr}; to cancel this ends the
     *     lookup
     */
    public Future<List<Multiaddr>> resolve(EventLoop loop, Multiaddr address, boolean trusted) {
        return new DnsaddrLookup(loop, records, trusted ? MAX_NAMES : MAX_UNTRUSTED_NAMES).start(address);
    }

    @Override
    public void close() {
        records.close();
    }
}
