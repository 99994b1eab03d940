package io.kad.transport.netty.transport;

import io.kad.api.id.Multiaddr;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Transports of one peer. Thread-safe. */
public final class Transports {

    private final List<TransportProtocol> transports;

    /** Creates the list; no address belongs to two of them. */
    public Transports(List<TransportProtocol> transports) {
        this.transports = List.copyOf(transports);
    }

    /** Returns where {@code address} is dialled; empty if no transport can. */
    public Optional<Endpoint> dialEndpoint(Multiaddr address) {
        return endpoint(address, TransportProtocol::dialSocket);
    }

    /** Returns where to listen on {@code address}; empty if no transport can. */
    public Optional<Endpoint> listenEndpoint(Multiaddr address) {
        return endpoint(address, TransportProtocol::listenSocket);
    }

    private Optional<Endpoint> endpoint(
            Multiaddr address, BiFunction<TransportProtocol, Multiaddr, Optional<InetSocketAddress>> socket) {
        return transports.stream()
                .flatMap(transport ->
                        socket.apply(transport, address).map(found -> new Endpoint(transport, found)).stream())
                .findFirst();
    }

    /** Returns the forms of the addresses to listen on, for people. */
    public String listenForms() {
        return transports.stream()
                .flatMap(transport ->
                        Stream.of("/ip4/HOST" + transport.listenForm(), "/ip6/HOST" + transport.listenForm()))
                .collect(Collectors.joining(" or "));
    }

    /** Returns the names of the transports, for people. */
    public String names() {
        return transports.stream().map(TransportProtocol::name).collect(Collectors.joining(", "));
    }

    /** Closes each transport. */
    public void close() {
        transports.forEach(TransportProtocol::close);
    }
}
