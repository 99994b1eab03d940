package io.kad.transport.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.spi.SelectorProvider;

/**
 * Opens listening sockets of one address family each: a socket for IPv4 accepts no IPv6, and the other way round. Thread-safe.
 *
 * @param acceptor first handler of each accepted connection; must be sharable
 * @param channels group to which the sockets are added
 */
record ListenerSockets(EventLoopGroup group, ChannelHandler acceptor, ChannelGroup channels) {

    private static final int BACKLOG = 1024;

    /** Opens a socket on an address that is not the unspecified one of IPv6, as Java lets that accept IPv4 too. */
    ChannelFuture bind(InetSocketAddress address) {
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channelFactory(() -> new NioServerSocketChannel(SelectorProvider.provider(), family))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(acceptor)
                .bind(address);
        return bound.addListener(result -> {
            if (result.isSuccess()) {
                channels.add(bound.channel());
            }
        });
    }

    /**
     * Returns whether {@code address} could not be bound because its port is taken, or for another lasting reason; false if this machine does not
     * have its IP address, or not yet. Tells them apart by binding another port of it, as the system's words differ by its language.
     */
    static boolean isTaken(InetSocketAddress address, Throwable failure) {
        if (!(failure instanceof BindException)) {
            return true;
        }
        try (Socket other = new Socket()) {
            other.bind(new InetSocketAddress(address.getAddress(), 0));
            return true;
        } catch (IOException absent) {
            return false;
        }
    }
}
