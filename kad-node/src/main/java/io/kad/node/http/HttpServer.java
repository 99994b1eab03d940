package io.kad.node.http;

import io.kad.node.http.limit.HttpLimits;
import io.kad.node.http.limit.LimitCounts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** HTTP server with a fixed table of routes. Thread-safe. */
public final class HttpServer implements AutoCloseable {

    private static final int BACKLOG = 128;

    private final HttpLimits limits;
    private final AccessRules access;
    private final HttpService service;
    private final EventLoopGroup eventLoop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("kad-http", true), NioIoHandler.newFactory());
    private final ChannelGroup connections = new DefaultChannelGroup(eventLoop.next());
    private final AtomicBoolean closed = new AtomicBoolean();
    private InetSocketAddress address;

    private HttpServer(
            List<RouteGroup> groups, InetSocketAddress address, Optional<AccessToken> token, HttpLimits limits) {
        this.limits = limits;
        this.address = address;
        this.access = new AccessRules(token, address);
        this.service = new HttpService(limits, new RequestHead(new Router(groups), new HostCheck(address), access));
    }

    /**
     * Starts a server.
     *
     * @param address where it listens; port 0 picks a free one
     * @param token secret of those who may change something; without it only programs of this machine may, if the address is a loopback one
     * @throws IOException if it cannot listen there
     */
    public static HttpServer start(
            List<RouteGroup> groups, InetSocketAddress address, Optional<AccessToken> token, HttpLimits limits)
            throws IOException {
        HttpServer server = new HttpServer(groups, address, token, limits);
        ChannelFuture bound = server.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.close();
            throw bound.cause() instanceof IOException failure
                    ? failure
                    : new IOException(String.valueOf(bound.cause().getMessage()), bound.cause());
        }
        server.connections.add(bound.channel());
        server.address = (InetSocketAddress) bound.channel().localAddress();
        return server;
    }

    private ChannelFuture bind(InetSocketAddress where) {
        return new ServerBootstrap()
                .group(eventLoop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        accept(connection);
                    }
                })
                .bind(where);
    }

    private void accept(Channel connection) {
        connections.add(connection);
        // The listener is one of them
        boolean isFull = connections.size() > limits.connections() + 1;
        if (isFull || closed.get()) {
            if (isFull) {
                service.counts().count(LimitCounts.Limit.CONNECTIONS);
            }
            var unused = connection.close();
            return;
        }
        HttpDecoderConfig config = new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpLimits.HEAD_BYTES)
                .setMaxHeaderSize(HttpLimits.HEAD_BYTES);
        ReadAhead ahead = new ReadAhead();
        connection
                .pipeline()
                .addLast(ahead)
                .addLast(new IdleStateHandler(true, 0, limits.writeTimeout().toMillis(), 0, TimeUnit.MILLISECONDS))
                .addLast(new HttpServerCodec(config))
                .addLast(new ConnectionHandler(service, ahead));
    }

    /** Returns where the server listens, with its port. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns how often each limit was reached, by the names of the limits. */
    public Map<String, Long> limitsReached() {
        return service.counts().all();
    }

    /** Returns whether some client may change something: there is a token, or the address is a loopback one. */
    public boolean allowsChanges() {
        return access.allowChanges();
    }

    /** Stops to listen, ends all requests and connections, and waits for its threads, a few seconds at most. Repeating it has no effect. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        var unused = connections.close(ServerChannel.class::isInstance);
        service.close();
        long millis = limits.closeTimeout().toMillis();
        connections.close().awaitUninterruptibly(millis);
        eventLoop.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS).awaitUninterruptibly(millis * 2);
    }
}
