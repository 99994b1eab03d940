package io.kad.transport.netty;

import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.dial.SocketAddresses;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Listening sockets of a transport and their addresses. Thread-safe. */
final class Listeners {

    private static final int BACKLOG = 1024;

    private final EventLoopGroup group;
    private final ChannelHandler acceptor;
    private final ChannelGroup channels;
    private final Consumer<TransportEvent> events;
    private final Map<Channel, List<Multiaddr>> addressesByChannel = new ConcurrentHashMap<>();

    /**
     * Creates the listeners of a transport.
     *
     * @param acceptor first handler of each accepted connection; must be sharable
     * @param channels group to which listening sockets are added; the transport closes it
     */
    Listeners(EventLoopGroup group, ChannelHandler acceptor, ChannelGroup channels, Consumer<TransportEvent> events) {
        this.group = group;
        this.acceptor = acceptor;
        this.channels = channels;
        this.events = events;
    }

    /** Returns the addresses of all listeners. */
    List<Multiaddr> addresses() {
        return addressesByChannel.values().stream().flatMap(List::stream).toList();
    }

    /** Opens a listener on {@code address}. The callback and the event come on an event loop. */
    void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        Optional<InetSocketAddress> socket = SocketAddresses.of(address).filter(target -> !target.isUnresolved());
        if (socket.isEmpty()) {
            group.next()
                    .execute(() -> callback.onFailure(new TransportFailure(
                            Kind.BAD_ADDRESS,
                            "cannot listen on " + address + ": expected /ip4/HOST/tcp/PORT or /ip6/HOST/tcp/PORT")));
            return;
        }
        new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(acceptor)
                .bind(socket.get())
                .addListener((io.netty.channel.ChannelFuture bound) -> {
                    if (bound.isSuccess()) {
                        onBound(bound.channel(), callback);
                    } else {
                        onBindFailed(address, bound.cause(), callback);
                    }
                });
    }

    private void onBound(Channel channel, Callback<List<Multiaddr>> callback) {
        channels.add(channel);
        List<Multiaddr> addresses = reachableAddresses((InetSocketAddress) channel.localAddress());
        addressesByChannel.put(channel, addresses);
        channel.closeFuture().addListener(closed -> {
            addressesByChannel.remove(channel);
            addresses.forEach(address -> events.accept(new TransportEvent.ListenerClosed(address)));
        });
        addresses.forEach(address -> events.accept(new TransportEvent.ListenerOpened(address)));
        callback.onSuccess(addresses);
    }

    private void onBindFailed(Multiaddr address, Throwable cause, Callback<List<Multiaddr>> callback) {
        TransportFailure failure =
                new TransportFailure(Kind.BAD_ADDRESS, "cannot listen on " + address + ": " + cause.getMessage());
        events.accept(new TransportEvent.ListenerFailed(address, failure));
        callback.onFailure(failure);
    }

    /** Returns the addresses of a bound socket; a wildcard address becomes one address per network interface. */
    private static List<Multiaddr> reachableAddresses(InetSocketAddress bound) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return List.of(SocketAddresses.toMultiaddr(bound));
        }
        boolean onlyIp4 = bound.getAddress().getAddress().length == 4;
        return localAddresses()
                .filter(address -> !onlyIp4 || address.getAddress().length == 4)
                .filter(address -> !address.isLinkLocalAddress())
                .map(address -> SocketAddresses.toMultiaddr(new InetSocketAddress(address, bound.getPort())))
                .toList();
    }

    private static Stream<InetAddress> localAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Listeners::isUp)
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList()
                    .stream();
        } catch (SocketException e) {
            return Stream.of(InetAddress.getLoopbackAddress());
        }
    }

    private static boolean isUp(NetworkInterface network) {
        try {
            return network.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
