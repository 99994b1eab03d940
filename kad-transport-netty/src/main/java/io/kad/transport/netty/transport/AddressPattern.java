package io.kad.transport.netty.transport;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Pattern of the addresses of one transport, which must match as a whole: a host, its port, then certain protocols without a value, and perhaps a
 * peer ID. Immutable.
 */
public final class AddressPattern {

    /** Addresses of TCP: {@code /tcp/PORT} behind the host. */
    public static final AddressPattern TCP = new AddressPattern(MultiaddrProtocol.TCP);

    /** Zone that is the number of a network interface, as a positive {@code int}. */
    private static final Pattern ZONE_NUMBER = Pattern.compile("[0-9]{1,9}");

    private final MultiaddrProtocol port;
    private final List<MultiaddrProtocol> behind;

    /**
     * Creates a pattern.
     *
     * @param port protocol of the port: {@code TCP} or {@code UDP}
     * @param behind protocols behind the port, such as {@code QUIC_V1}
     */
    public AddressPattern(MultiaddrProtocol port, MultiaddrProtocol... behind) {
        this.port = port;
        this.behind = List.of(behind);
    }

    /**
     * Returns the socket address of {@code address}, or empty if it does not match. A host name stays unresolved; a trailing peer ID is
     * ignored. Never asks a resolver.
     */
    public Optional<InetSocketAddress> socket(Multiaddr address) {
        List<Multiaddr.Component> components = address.components();
        boolean hasZone = components.get(0).protocol() == MultiaddrProtocol.IP6ZONE;
        boolean hasPeerId = components.get(components.size() - 1).protocol() == MultiaddrProtocol.P2P;
        int host = hasZone ? 1 : 0;
        int end = hasPeerId ? components.size() - 1 : components.size();
        if (end - host != 2 + behind.size() || !matches(components.subList(host + 1, end))) {
            return Optional.empty();
        }
        int number = components.get(host + 1).value().asReadOnlyBuffer().getShort() & 0xffff;
        return hasZone
                ? zoned(components.get(0).text(), components.get(host), number)
                : socket(components.get(host), number);
    }

    private boolean matches(List<Multiaddr.Component> behindHost) {
        List<MultiaddrProtocol> protocols =
                behindHost.stream().map(Multiaddr.Component::protocol).toList();
        return protocols.get(0) == port
                && protocols.subList(1, protocols.size()).equals(behind);
    }

    private static Optional<InetSocketAddress> socket(Multiaddr.Component host, int port) {
        return switch (host.protocol()) {
            case IP4, IP6 -> ofIp(() -> InetAddress.getByAddress(host.value().toArray()), port);
            case DNS, DNS4, DNS6 -> Optional.of(InetSocketAddress.createUnresolved(host.text(), port));
            default -> Optional.empty();
        };
    }

    /** A zone, which is a network interface of the local machine, belongs to an IPv6 address only. */
    private static Optional<InetSocketAddress> zoned(String zone, Multiaddr.Component host, int port) {
        return host.protocol() == MultiaddrProtocol.IP6
                ? ofIp(() -> zonedIp(host.value().toArray(), zone), port)
                : Optional.empty();
    }

    private static InetAddress zonedIp(byte[] ip, String zone) throws IOException {
        if (InetAddress.getByAddress(ip) instanceof Inet4Address) {
            throw new UnknownHostException("an IPv4 address has no zone");
        }
        if (ZONE_NUMBER.matcher(zone).matches()) {
            return Inet6Address.getByAddress(null, ip, Integer.parseInt(zone));
        }
        NetworkInterface found = NetworkInterface.getByName(zone);
        if (found == null) {
            throw new UnknownHostException("no such network interface: " + zone);
        }
        return Inet6Address.getByAddress(null, ip, found);
    }

    /** Source of an IP address, which fails if this machine has no such zone. */
    private interface IpSource {
        InetAddress get() throws IOException;
    }

    private static Optional<InetSocketAddress> ofIp(IpSource source, int port) {
        try {
            return Optional.of(new InetSocketAddress(source.get(), port));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the address of a resolved socket address. */
    public Multiaddr address(InetSocketAddress socket) {
        InetAddress ip = socket.getAddress();
        String host = ip.getAddress().length == 4 ? "/ip4/" : "/ip6/";
        return Multiaddr.parse(host + NetUtil.toAddressString(ip) + behindHost(String.valueOf(socket.getPort())));
    }

    /** Returns the form of an address behind its host, such as {@code /tcp/PORT}. */
    public String form() {
        return behindHost("PORT");
    }

    private String behindHost(String number) {
        return "/" + port.text() + "/" + number
                + behind.stream().map(protocol -> "/" + protocol.text()).collect(Collectors.joining());
    }
}
