package io.kad.transport.netty.dial;

import io.kad.api.id.AddressScope;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.TransportLimits;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;

/**
 * Order of the targets of a dial: private addresses first, as little time is lost with them; then by the rank of their transport; then IPv6, and
 * names, which must be resolved first. Others keep the order in which the peer states them.
 *
 * <p>Source: the ranking of go-libp2p, and RFC 8305.
 */
final class DialOrder implements Comparator<DialTarget> {

    static final DialOrder INSTANCE = new DialOrder();

    private static final Comparator<DialTarget> ORDER = Comparator.comparing((DialTarget target) -> !isPrivate(target))
            .thenComparing(DialTarget::rank)
            .thenComparing(target -> target.ip().orElse(null) instanceof Inet4Address);

    private DialOrder() {}

    @Override
    public int compare(DialTarget one, DialTarget other) {
        return ORDER.compare(one, other);
    }

    /** Returns the delay before the next attempt while one at {@code target} is in flight. */
    static Duration delayAfter(DialTarget target) {
        return isPrivate(target) ? TransportLimits.PRIVATE_ATTEMPT_DELAY : TransportLimits.ATTEMPT_DELAY;
    }

    private static boolean isPrivate(DialTarget target) {
        InetAddress ip = target.ip().orElse(null);
        return ip != null
                && switch (AddressScope.of(Bytes.of(ip.getAddress()))) {
                    case LOOPBACK, PRIVATE, LINK_LOCAL -> true;
                    case UNSPECIFIED, MULTICAST, RESERVED, GLOBAL -> false;
                };
    }
}
