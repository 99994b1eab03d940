package io.kad.transport.netty.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** UDP sockets for dials. */
class DialSocketsTest {

    private static final InetSocketAddress REMOTE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4001);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DialSockets sockets = new DialSockets(this::bind);
    private volatile boolean hasDescriptors = true;

    private ChannelFuture bind(EventLoop loop, InetAddress any) {
        return new Bootstrap()
                .group(loop)
                .channelFactory(() -> {
                    if (!hasDescriptors) {
                        throw new ChannelException("no file descriptor is left, as the test says");
                    }
                    return new NioDatagramChannel();
                })
                .handler(new ChannelInboundHandlerAdapter())
                .bind(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() {
        sockets.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ChannelFuture get() throws InterruptedException {
        ChannelFuture socket = sockets.get(group.next(), REMOTE);
        assertThat(socket.await(60, TimeUnit.SECONDS)).isTrue();
        return socket;
    }

    @Test
    void aSocketIsUsedUntilItCloses() throws Exception {
        ChannelFuture first = get();
        assertThat(get()).isSameAs(first);
        first.channel().close().sync();
        await().atMost(Duration.ofSeconds(60)).until(() -> get() != first);
        assertThat(get().isSuccess()).isTrue();
    }

    @Test
    void aSocketThatFailedIsTriedAgain() throws Exception {
        hasDescriptors = false;
        assertThat(get().isSuccess()).isFalse();
        hasDescriptors = true;
        await().atMost(Duration.ofSeconds(60)).until(() -> get().isSuccess());
    }
}
