package io.kad.transport.netty.quic;

import io.kad.transport.netty.transport.TrafficCounter;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * UDP sockets from which connections are dialled: one for each event loop and address family, made when it is first needed, and used by all
 * dials. A socket for each dial would be one for each connection. Thread-safe.
 */
final class DialSockets {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    private final BiFunction<EventLoop, InetAddress, ChannelFuture> binder;
    private final Map<Key, ChannelFuture> sockets = new HashMap<>();
    private boolean closed;

    private record Key(EventLoop loop, boolean isIpv4) {}

    DialSockets(QuicContexts contexts, TrafficCounter traffic) {
        this((loop, any) ->
                UdpSockets.bootstrap(loop, any, traffic, contexts.dialer()).bind(new InetSocketAddress(any, 0)));
    }

    /**
     * Creates sockets that {@code binder} makes.
     *
     * @param binder binds a socket on an event loop to any port of an unspecified address
     */
    DialSockets(BiFunction<EventLoop, InetAddress, ChannelFuture> binder) {
        this.binder = binder;
    }

    /**
     * Returns the socket on {@code loop} for dials to {@code remote}; fails, on any thread, if the machine has no such addresses, or no file
     * descriptor is left.
     */
    ChannelFuture get(EventLoop loop, InetSocketAddress remote) {
        Key key = new Key(loop, remote.getAddress() instanceof Inet4Address);
        synchronized (this) {
            ChannelFuture socket = sockets.get(key);
            if (socket == null) {
                socket = binder.apply(loop, unspecified(key.isIpv4 ? IPV4_BYTES : IPV6_BYTES));
                keep(key, socket);
            }
            return socket;
        }
    }

    /** Keeps a socket until it closes, or could not be bound: then its channel may be none, which never closes. */
    private void keep(Key key, ChannelFuture socket) {
        if (closed) {
            socket.channel().close();
            return;
        }
        sockets.put(key, socket);
        socket.addListener(bound -> {
            if (!bound.isSuccess()) {
                remove(key, socket);
            }
        });
        socket.channel().closeFuture().addListener(ended -> remove(key, socket));
    }

    private synchronized void remove(Key key, ChannelFuture socket) {
        sockets.remove(key, socket);
    }

    private static InetAddress unspecified(int bytes) {
        try {
            return InetAddress.getByAddress(new byte[bytes]);
        } catch (UnknownHostException impossible) {
            throw new AssertionError("the length is right", impossible);
        }
    }

    /** Closes all sockets, and with them their connections. */
    synchronized void close() {
        closed = true;
        Map.copyOf(sockets).values().forEach(socket -> socket.channel().close());
    }
}
