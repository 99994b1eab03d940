package io.kad.transport.netty.dial;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.Transports;
import java.util.Optional;

/**
 * Targets of addresses. Thread-safe.
 *
 * @param transports transports that connect
 */
record DialTargets(Transports transports) {

    /** Returns the target of an address without a peer ID; empty if it can't be dialled. */
    Optional<DialTarget> of(Multiaddr address, boolean trusted) {
        return DnsaddrTarget.matches(address)
                ? Optional.of(new DnsaddrTarget(address, trusted))
                : transports.dialEndpoint(address).map(endpoint -> new SocketTarget(address, endpoint, trusted));
    }

    /** Returns the target of an address, with or without a peer ID, that a {@code /dnsaddr} has led to; empty if it can't be dialled. */
    Optional<DialTarget> of(DnsaddrTarget from, Multiaddr found) {
        return found.withoutPeerId()
                .flatMap(address -> transports
                        .dialEndpoint(address)
                        .map(endpoint -> new SocketTarget(from.address(), address, endpoint, from.trusted())));
    }
}
