package io.kad.transport.netty.tcp;

import io.kad.api.TransportOptions;
import io.kad.transport.netty.TransportLimits;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Sockets of the transports over TCP, which share a listening one if their addresses have the same IP address and port. Thread-safe.
 *
 * <p>The first transport that listens on an address binds the socket, and the last one that stops closes it.
 */
public final class TcpSockets {

    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final ConnectionUpgrade upgrade;
    private final TrafficCounter traffic;
    private final Set<Shared> listening = new HashSet<>();

    /** Listening socket, and the protocols that it accepts; it is about to close once there is none. */
    private static final class Shared {
        private final List<TcpProtocol> protocols = new CopyOnWriteArrayList<>();
        /** With port 0 until it is bound. */
        private InetSocketAddress address;

        private ChannelFuture bound;

        @SuppressWarnings("NullAway.Init") // set with the lock held, before anybody else knows the socket
        Shared(InetSocketAddress address, TcpProtocol first) {
            this.address = address;
            protocols.add(first);
        }
    }

    /**
     * Creates the sockets of one peer; none is open yet.
     *
     * @param group event loops of inbound connections
     * @param upgrade upgrade of the connections in both directions
     * @param traffic counts the bytes of the connections
     */
    public TcpSockets(EventLoopGroup group, ConnectionUpgrade upgrade, TrafficCounter traffic) {
        this.group = group;
        this.upgrade = upgrade;
        this.traffic = traffic;
    }

    /** Returns the upgrade of connections. */
    public ConnectionUpgrade upgrade() {
        return upgrade;
    }

    /** Connects to {@code socket}. */
    public ChannelFuture connect(EventLoop loop, InetSocketAddress socket, ChannelHandler handler) {
        return new Bootstrap()
                .disableResolver()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TransportLimits.CONNECT_TIMEOUT.toMillis())
                .handler(handler)
                .connect(socket);
    }

    /** Returns the counter of the bytes of connections. */
    public TrafficCounter traffic() {
        return traffic;
    }

    /** Accepts connections of {@code protocol} on {@code socket}, which is bound unless it is already. */
    public synchronized ChannelFuture listen(InetSocketAddress socket, TcpProtocol protocol, AcceptListener listener) {
        Optional<Shared> found = listening.stream()
                .filter(shared -> shared.address.equals(socket))
                .findFirst();
        if (socket.getPort() == 0 || found.isEmpty()) {
            return bind(socket, protocol, listener);
        }
        Shared present = found.get();
        if (present.protocols.isEmpty()) {
            return present.bound
                    .channel()
                    .newFailedFuture(
                            new BindException("the socket there is being closed; listen again when it is closed"));
        }
        if (present.protocols.contains(protocol)) {
            return present.bound.channel().newFailedFuture(new BindException("Address already in use"));
        }
        boolean isPlain = protocol == PlainTcp.INSTANCE || present.protocols.contains(PlainTcp.INSTANCE);
        if (isPlain && upgrade.isPrivate()) {
            return present.bound
                    .channel()
                    .newFailedFuture(new BindException("in a private network (" + TransportOptions.PSK.name()
                            + ") TCP and WebSocket need a port each, as their first bytes are indistinguishable"));
        }
        present.protocols.add(protocol);
        return present.bound;
    }

    private ChannelFuture bind(InetSocketAddress socket, TcpProtocol protocol, AcceptListener listener) {
        Shared shared = new Shared(socket, protocol);
        SocketProtocolFamily family =
                socket.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channelFactory(() -> new NioServerSocketChannel(SelectorProvider.provider(), family))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new TcpAcceptor(upgrade, traffic, listener, shared.protocols))
                .bind(socket);
        shared.bound = bound;
        listening.add(shared);
        bound.addListener(done -> {
            if (done.isSuccess()) {
                bound(shared);
            } else {
                remove(shared);
            }
        });
        bound.channel().closeFuture().addListener(closed -> remove(shared));
        return bound;
    }

    private synchronized void bound(Shared shared) {
        if (shared.address.getPort() == 0) {
            shared.address = (InetSocketAddress) shared.bound.channel().localAddress();
        }
    }

    private synchronized void remove(Shared shared) {
        listening.remove(shared);
    }

    /** Accepts no further connection of {@code protocol} on a bound socket; closes it if it has no other protocol. */
    public synchronized void stopListening(Channel socket, TcpProtocol protocol) {
        for (Shared shared : listening) {
            if (shared.bound.channel().equals(socket)) {
                shared.protocols.remove(protocol);
                if (!shared.protocols.isEmpty()) {
                    return;
                }
            }
        }
        socket.close();
    }
}
