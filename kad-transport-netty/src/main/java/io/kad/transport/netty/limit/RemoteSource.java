package io.kad.transport.netty.limit;

import io.kad.api.id.AddressRange;
import io.kad.api.id.AddressScope;
import io.kad.api.id.Bytes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/**
 * Source of a connection, as the limits see it. Immutable.
 *
 * @param ranges the host and the network of the remote address, which limit the number of connections; empty for loopback, which is exempt
 * @param group connections that one operator probably controls, and that are limited together: those of a network; of a private or link-local
 *     address only those of this address, as the hosts of a local network have different operators; of loopback each connection alone, as the
 *     peers of a machine have
 */
public record RemoteSource(List<AddressRange> ranges, String group) {

    private static final String EXEMPT = "loopback";

    public RemoteSource {
        ranges = List.copyOf(ranges);
    }

    /**
     * Returns the group by which the connection to prune is chosen when connection slots are short: {@link #group}, but one group for all of
     * loopback. That is exempt from the limits by range, but must leave slots to others.
     */
    public String pruningGroup() {
        return ranges.isEmpty() ? EXEMPT : group;
    }

    /** Returns the source of a connection from {@code remote}. */
    public static RemoteSource of(SocketAddress remote) {
        InetAddress address = remote instanceof InetSocketAddress socket ? socket.getAddress() : null;
        if (address == null) {
            return new RemoteSource(List.of(), String.valueOf(remote));
        }
        Bytes ip = Bytes.of(address.getAddress());
        AddressRange host = AddressRange.host(ip);
        AddressRange network = AddressRange.network(ip);
        return switch (AddressScope.of(ip)) {
            case LOOPBACK -> new RemoteSource(List.of(), remote.toString());
            case PRIVATE, LINK_LOCAL -> new RemoteSource(List.of(host, network), address.getHostAddress());
            case UNSPECIFIED, MULTICAST, RESERVED, GLOBAL ->
                new RemoteSource(List.of(host, network), network.toString());
        };
    }
}
