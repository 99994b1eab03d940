package io.kad.transport.netty.quic;

import io.kad.api.Identity;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.tls.TlsIdentity;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** UDP sockets of two peers on loopback, and connections between them. */
final class Loopback {

    private static final Duration AMPLE = Duration.ofSeconds(60);

    /** Bits of the first byte of a Retry packet that tell it from others: RFC 9000, section 17.2.5. */
    private static final int RETRY = 0xb0;

    private final EventLoopGroup group;
    private final List<Channel> sockets = new ArrayList<>();

    private volatile boolean muted;
    private volatile boolean held;

    /** First handler of a socket. */
    private final class Receiver extends ChannelInboundHandlerAdapter {

        private final Queue<Object> waiting = new ArrayDeque<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object packet) {
            if (muted) {
                ReferenceCountUtil.release(packet);
            } else if (held) {
                waiting.add(packet);
            } else {
                ctx.fireChannelRead(packet);
            }
        }

        /** Passes on what waits. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            for (Object packet = waiting.poll(); packet != null; packet = waiting.poll()) {
                ctx.fireChannelRead(packet);
            }
            ctx.fireChannelReadComplete();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            waiting.forEach(ReferenceCountUtil::release);
            ctx.fireChannelInactive();
        }
    }

    Loopback(EventLoopGroup group) {
        this.group = group;
    }

    static QuicContexts contexts(Identity identity, QuicLimits limits) {
        return new QuicContexts(
                TlsIdentity.create(identity, SignatureChecks.inCaller(), InstantSource.system()), limits);
    }

    /** Lets all sockets drop what they receive from now on. */
    void mute() {
        muted = true;
    }

    /** Lets all sockets keep what they receive from now on. */
    void hold() {
        held = true;
    }

    /** Lets all sockets receive what they have kept, and all that comes. */
    void letGo() {
        held = false;
        sockets.forEach(socket -> socket.pipeline().fireUserEventTriggered("let go"));
    }

    Channel bind(ChannelHandler codec) {
        Channel socket = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Receiver(), codec);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        sockets.add(socket);
        return socket;
    }

    /** Listens with the handler that {@code handshakes} makes for each connection. */
    InetSocketAddress listen(
            QuicContexts local, RetryTokens tokens, Function<QuicContexts, ChannelHandler> handshakes) {
        return (InetSocketAddress)
                bind(local.listener(tokens, () -> handshakes.apply(local))).localAddress();
    }

    /** Dials from a socket of its own. */
    void dial(QuicContexts local, InetSocketAddress remote, PeerId expected, UpgradeListener listener) {
        dial(local, remote, expected, AMPLE, listener);
    }

    void dial(
            QuicContexts local, InetSocketAddress remote, PeerId expected, Duration timeout, UpgradeListener listener) {
        connect(local, bind(local.dialer()), remote, expected, timeout, listener);
    }

    /** Sends the first packet of a handshake, and no further one. Completes with whether it is answered by a Retry. */
    CompletableFuture<Boolean> sendFirstPacket(QuicContexts local, InetSocketAddress remote) {
        CompletableFuture<DatagramPacket> first = new CompletableFuture<>();
        CompletableFuture<Boolean> retry = new CompletableFuture<>();
        Channel socket = bind(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(
                                new ChannelInboundHandlerAdapter() {
                                    @Override
                                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                                        ByteBuf packet = ((DatagramPacket) message).content();
                                        int type = packet.getByte(packet.readerIndex()) & RETRY;
                                        retry.complete(type == RETRY);
                                        ctx.fireChannelRead(message);
                                    }
                                },
                                new ChannelOutboundHandlerAdapter() {
                                    @Override
                                    public void write(
                                            ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                                        if (first.complete((DatagramPacket) message)) {
                                            ctx.writeAndFlush(message, promise);
                                        } else {
                                            ReferenceCountUtil.release(message);
                                            promise.setSuccess();
                                        }
                                    }
                                },
                                local.dialer());
            }
        });
        connect(local, socket, remote, new TestIdentity(99).peerId(), AMPLE, new Result());
        return retry;
    }

    private static void connect(
            QuicContexts local,
            Channel socket,
            InetSocketAddress remote,
            PeerId expected,
            Duration timeout,
            UpgradeListener listener) {
        QuicHandshake handshake = local.handshake(expected, timeout, listener);
        QuicChannel.newBootstrap(socket)
                .handler(handshake)
                .streamHandler(new QuicContexts.StreamAcceptor())
                .option(ChannelOption.AUTO_READ, false)
                .attr(QuicContexts.expected(), expected)
                .remoteAddress(remote)
                .connect()
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        handshake.failed(connected.cause());
                    }
                });
    }

    void close() {
        sockets.forEach(socket -> socket.close().awaitUninterruptibly(10, TimeUnit.SECONDS));
    }

    /** Listener that completes a future with an upgraded connection. */
    static final class Result implements UpgradeListener {

        final CompletableFuture<UpgradedConnection> connection = new CompletableFuture<>();
        final CompletableFuture<UpgradeException> failure = new CompletableFuture<>();

        @Override
        public void onUpgraded(UpgradedConnection upgraded) {
            connection.complete(upgraded);
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            failure.complete(cause);
            connection.completeExceptionally(cause);
        }
    }
}
