package io.kad.transport.netty.tcp;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TransportProtocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Transport over TCP. */
public final class TcpTransport implements TransportProtocol {

    /** Name of the transport. */
    static final String NAME = "tcp";

    /** Rank of TCP, behind QUIC; as in go-libp2p. */
    private static final int RANK = 20;

    private final TcpSockets sockets;

    /** Creates the transport. */
    public TcpTransport(TcpSockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return RANK;
    }

    @Override
    public Optional<InetSocketAddress> dialSocket(Multiaddr address) {
        return AddressPattern.TCP.socket(address);
    }

    @Override
    public Optional<InetSocketAddress> listenSocket(Multiaddr address) {
        return AddressPattern.TCP.socket(address).filter(socket -> !socket.isUnresolved());
    }

    @Override
    public String listenForm() {
        return AddressPattern.TCP.form();
    }

    @Override
    public Multiaddr address(InetSocketAddress socket) {
        return AddressPattern.TCP.address(socket);
    }

    @Override
    public Runnable dial(
            EventLoop loop, PeerId expected, Multiaddr address, InetSocketAddress socket, DialListener listener) {
        TcpDial dial = new TcpDial(AddressPattern.TCP, listener);
        return dial.connect(
                sockets, loop, socket, channel -> sockets.upgrade().upgradeOutbound(channel, expected, dial));
    }

    @Override
    public ChannelFuture listen(InetSocketAddress socket, AcceptListener listener) {
        return sockets.listen(socket, PlainTcp.INSTANCE, listener);
    }

    @Override
    public void stopListening(Channel socket) {
        sockets.stopListening(socket, PlainTcp.INSTANCE);
    }
}
