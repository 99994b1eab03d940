package io.kad.transport.netty.support;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.Endpoint;
import io.kad.transport.netty.transport.TransportProtocol;
import io.kad.transport.netty.transport.Transports;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Transport that knows its addresses, and neither connects nor listens. */
public record TestTransport(String name, int rank, AddressPattern pattern) implements TransportProtocol {

    /** Addresses of TCP. */
    public static final TestTransport TCP = new TestTransport("tcp", 20, AddressPattern.TCP);

    /** Addresses of QUIC. */
    public static final TestTransport QUIC =
            new TestTransport("quic-v1", 10, new AddressPattern(MultiaddrProtocol.UDP, MultiaddrProtocol.QUIC_V1));

    /** Both. */
    public static final Transports BOTH = new Transports(List.of(TCP, QUIC));

    /** Returns where {@code address} is dialled. */
    public static Endpoint endpoint(String address) {
        return BOTH.dialEndpoint(Multiaddr.parse(address)).orElseThrow();
    }

    @Override
    public Optional<InetSocketAddress> dialSocket(Multiaddr address) {
        return pattern.socket(address);
    }

    @Override
    public Optional<InetSocketAddress> listenSocket(Multiaddr address) {
        return pattern.socket(address).filter(socket -> !socket.isUnresolved());
    }

    @Override
    public String listenForm() {
        return pattern.form();
    }

    @Override
    public Multiaddr address(InetSocketAddress socket) {
        return pattern.address(socket);
    }

    @Override
    public Runnable dial(
            EventLoop loop, PeerId expected, Multiaddr address, InetSocketAddress socket, DialListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture listen(InetSocketAddress socket, AcceptListener listener) {
        throw new UnsupportedOperationException();
    }
}
