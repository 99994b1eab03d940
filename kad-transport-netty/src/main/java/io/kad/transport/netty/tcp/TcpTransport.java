package io.kad.transport.netty.tcp;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.transport.TransportProtocol;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;

/** Transport over TCP. */
public final class TcpTransport implements TransportProtocol {

    /** Name of the transport. */
    static final String NAME = "tcp";

    /** Rank of TCP, behind QUIC; as in go-libp2p. */
    private static final int RANK = 20;

    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final ConnectionUpgrade upgrade;
    private final TrafficCounter traffic;

    /**
     * Creates the transport.
     *
     * @param group event loops of inbound connections
     * @param upgrade upgrade of the connections in both directions
     * @param traffic counts the bytes of the connections
     */
    public TcpTransport(EventLoopGroup group, ConnectionUpgrade upgrade, TrafficCounter traffic) {
        this.group = group;
        this.upgrade = upgrade;
        this.traffic = traffic;
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
    public Runnable dial(EventLoop loop, PeerId expected, InetSocketAddress socket, DialListener listener) {
        TcpDial dial = new TcpDial(listener);
        ChannelFuture connecting = new Bootstrap()
                .disableResolver()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TransportLimits.CONNECT_TIMEOUT.toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(traffic);
                        upgrade.upgradeOutbound(channel, expected, dial);
                    }
                })
                .connect(socket);
        connecting.addListener(connected -> dial.connected(connected.cause()));
        return () -> connecting.channel().close();
    }

    @Override
    public ChannelFuture listen(InetSocketAddress socket, AcceptListener listener) {
        SocketProtocolFamily family =
                socket.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return new ServerBootstrap()
                .group(group)
                .channelFactory(() -> new NioServerSocketChannel(SelectorProvider.provider(), family))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new TcpAcceptor(upgrade, traffic, listener))
                .bind(socket);
    }
}
