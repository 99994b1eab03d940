package io.kad.node.diagnose;

import io.kad.api.id.AddressScope;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Scopes of the IP addresses at the beginning of multiaddrs. */
final class AddressScopes {

    private AddressScopes() {}

    /** Returns the IP address at the beginning; empty if the multiaddr begins with a name. */
    static Optional<InetAddress> ip(Multiaddr address) {
        Multiaddr.Component first = address.components().get(0);
        boolean isIp = first.protocol() == MultiaddrProtocol.IP4 || first.protocol() == MultiaddrProtocol.IP6;
        try {
            return isIp ? Optional.of(InetAddress.getByAddress(first.value().toArray())) : Optional.empty();
        } catch (UnknownHostException wrongLength) {
            return Optional.empty();
        }
    }

    /** Returns the scopes of the addresses, without those that begin with a name. */
    static Set<AddressScope> of(Collection<Multiaddr> addresses) {
        Set<AddressScope> scopes = EnumSet.noneOf(AddressScope.class);
        addresses.forEach(address ->
                ip(address).ifPresent(ip -> scopes.add(AddressScope.of(Bytes.of(ip.getAddress())))));
        return scopes;
    }
}
