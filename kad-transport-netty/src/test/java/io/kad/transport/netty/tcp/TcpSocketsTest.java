package io.kad.transport.netty.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.support.RecordedUpgrades;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.kad.transport.netty.transport.TrafficCounter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class TcpSocketsTest {

    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final TcpSockets sockets = new TcpSockets(
            group,
            TestUpgrades.of(NoiseIdentity.create(new TestIdentity(1), List.of("/yamux/1.0.0"))),
            new TrafficCounter());
    private final RecordedUpgrades listener = new RecordedUpgrades();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ChannelFuture listen(InetSocketAddress socket) {
        return sockets.listen(socket, PlainTcp.INSTANCE, listener);
    }

    private Channel listenOnAnyPort() {
        Channel channel = listen(ANY_PORT).syncUninterruptibly().channel();
        group.submit(() -> {}).syncUninterruptibly(); // the listeners of the future are called after its waiters return
        return channel;
    }

    @Test
    void aSocketThatIsAboutToCloseIsNotListenedOn() {
        Channel first = listenOnAnyPort();
        InetSocketAddress address = (InetSocketAddress) first.localAddress();
        CountDownLatch stopped = new CountDownLatch(1);
        group.execute(() -> {
            try {
                stopped.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        sockets.stopListening(first, PlainTcp.INSTANCE); // closed once its event loop is free
        ChannelFuture second = listen(address);
        stopped.countDown();
        first.closeFuture().syncUninterruptibly();
        second.awaitUninterruptibly();
        assertThat(second.cause()).isInstanceOf(BindException.class).hasMessageContaining("being closed");
        await().untilAsserted(
                        () -> { // the system has the port until the selector has let go of it
                            ChannelFuture third = listen(address).awaitUninterruptibly();
                            assertThat(third.cause()).isNull();
                            assertThat(third.channel().isActive()).isTrue();
                        });
    }

    @Test
    void anAddressIsListenedOnOnceByEachProtocol() {
        InetSocketAddress address = (InetSocketAddress) listenOnAnyPort().localAddress();
        assertThat(listen(address).awaitUninterruptibly().cause()).hasMessageContaining("already in use");
        assertThat(listen(ANY_PORT).awaitUninterruptibly().isSuccess()).isTrue();
    }
}
