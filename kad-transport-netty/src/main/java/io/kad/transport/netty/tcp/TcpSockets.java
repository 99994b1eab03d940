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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<InetSocketAddress, Shared> listening = new HashMap<>();

    /** Listening socket, and the protocols that it accepts. */
    private static final class Shared {
        private final List<TcpProtocol> protocols = new CopyOnWriteArrayList<>();
        private ChannelFuture bound;

        @SuppressWarnings("NullAway.Init") // set with the lock held, before anybody else knows the socket
        Shared(TcpProtocol first) {
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
        Shared present = listening.get(socket);
        if (present == null) {
            return bind(socket, protocol, listener);
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
        Shared shared = new Shared(protocol);
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
        if (socket.getPort() != 0) {
            listening.put(socket, shared);
        }
        bound.addListener(done -> {
            if (!done.isSuccess()) {
                remove(shared);
            } else if (socket.getPort() == 0) {
                put((InetSocketAddress) bound.channel().localAddress(), shared);
            }
        });
        bound.channel().closeFuture().addListener(closed -> remove(shared));
        return bound;
    }

    private synchronized void put(InetSocketAddress socket, Shared shared) {
        if (shared.bound.channel().isOpen()) {
            listening.put(socket, shared);
        }
    }

    private synchronized void remove(Shared shared) {
        listening.values().remove(shared);
    }

    /** Accepts no further connection of {@code protocol} on a bound socket; closes it if it has no other protocol. */
    public synchronized void stopListening(Channel socket, TcpProtocol protocol) {
        for (Shared shared : listening.values()) {
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
