package io.kad.transport.netty.upgrade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.RsaIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.TestUpgrades;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Upgrades over real sockets. */
@Timeout(180)
class LoopbackUpgradeTest {
    private static final String YAMUX = "/yamux/1.0.0";

    /** More than an upgrade takes on a busy machine. */
    private static final Duration AMPLE = Duration.ofSeconds(50);

    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final ExecutorService cheapChecks = Executors.newSingleThreadExecutor();
    /** Checks of RSA keys, which wait for ever. */
    private final Queue<Runnable> costlyChecks = new ConcurrentLinkedQueue<>();

    private final ConnectionUpgrade alice = upgrade(ALICE, AMPLE);
    private final Queue<UpgradedConnection> accepted = new ConcurrentLinkedQueue<>();
    private final Queue<UpgradeException> refused = new ConcurrentLinkedQueue<>();
    private SocketAddress address;

    @BeforeEach
    void listen() {
        address = listen(upgrade(BOB, AMPLE));
    }

    private ConnectionUpgrade upgrade(Identity identity, Duration timeout) {
        return TestUpgrades.of(
                NoiseIdentity.create(identity, List.of(YAMUX), new SignatureChecks(cheapChecks, costlyChecks::add)),
                timeout);
    }

    private SocketAddress listen(ConnectionUpgrade accepting) {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(channel -> accepting.upgradeInbound(channel, new EchoListener())))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
    }

    @AfterEach
    void stop() {
        cheapChecks.shutdownNow();
        // A busy event loop that is shut down at once may leave channels open, and lose the buffers that their handlers
        // hold
        channels.close().awaitUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void manyConnectionsTransferDataBothWays() throws Exception {
        List<CompletableFuture<byte[]>> echoes = new ArrayList<>();
        List<byte[]> data = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] bytes = new byte[new Random(i).nextInt(300_000) + 1];
            new Random(i).nextBytes(bytes);
            data.add(bytes);
            echoes.add(echo(BOB.peerId(), bytes));
        }
        for (int i = 0; i < data.size(); i++) {
            assertThat(echoes.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(data.get(i));
        }
        assertThat(accepted).hasSize(20).allMatch(peer -> peer.peer().equals(ALICE.peerId()));
        assertThat(refused).isEmpty();
    }

    @Test
    void anyNumberOfPendingChecksOfRsaKeysDelaysNoOtherPeer() throws Exception {
        ConnectionUpgrade rsa = upgrade(new RsaIdentity(2048), AMPLE);
        int flood = 50;
        for (int number = 0; number < flood; number++) {
            connect(
                    address,
                    channel -> rsa.upgradeOutbound(
                            channel, BOB.peerId(), new EchoRequester(new byte[1], new CompletableFuture<>())));
        }
        await().until(() -> costlyChecks.size() == flood);

        byte[] data = {1, 2, 3};
        assertThat(echo(BOB.peerId(), data).get(30, TimeUnit.SECONDS)).isEqualTo(data);
        assertThat(accepted).extracting(UpgradedConnection::peer).containsExactly(ALICE.peerId());
    }

    /** On a busy machine the time may be up before the check is reached: then another connection is made. */
    @Test
    void theTimeOfAnUpgradeIncludesTheCheck() {
        SocketAddress impatient = listen(upgrade(BOB, Duration.ofSeconds(1)));
        ConnectionUpgrade rsa = upgrade(new RsaIdentity(2048), AMPLE);
        boolean isCheckPending;
        do {
            costlyChecks.clear();
            refused.clear();
            connect(
                    impatient,
                    channel -> rsa.upgradeOutbound(
                            channel, BOB.peerId(), new EchoRequester(new byte[1], new CompletableFuture<>())));
            await().until(() -> !costlyChecks.isEmpty() || !refused.isEmpty());
            isCheckPending = refused.isEmpty();
            await().untilAsserted(() -> assertThat(refused)
                    .singleElement()
                    .extracting(UpgradeException::reason)
                    .isEqualTo(UpgradeException.Reason.TIMEOUT));
        } while (!isCheckPending);
        assertThat(accepted).isEmpty();
    }

    @Test
    void aPeerIdMismatchFailsBothSides() {
        CompletableFuture<byte[]> echo = echo(new TestIdentity(3).peerId(), new byte[1]);
        assertThatThrownBy(() -> echo.get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        UpgradeException.class,
                        e -> assertThat(e.reason()).isEqualTo(UpgradeException.Reason.WRONG_PEER));
        await().untilAsserted(() -> assertThat(refused)
                .singleElement()
                .extracting(UpgradeException::reason)
                .isEqualTo(UpgradeException.Reason.CLOSED));
    }

    @Test
    void aConnectionThatCannotBeEstablishedIsReported() throws Exception {
        CompletableFuture<UpgradeException> failure = new CompletableFuture<>();
        UpgradeListener listener = new UpgradeListener() {
            @Override
            public void onUpgraded(UpgradedConnection connection) {
                failure.completeExceptionally(new AssertionError("secured"));
            }

            @Override
            public void onUpgradeFailed(Channel failed, UpgradeException cause) {
                failure.complete(cause);
            }
        };
        // a port that is bound refuses connections, and no other process can listen there
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            ChannelFuture connect = connect(
                    bound.getLocalSocketAddress(), channel -> alice.upgradeOutbound(channel, BOB.peerId(), listener));
            assertThat(connect.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(connect.isSuccess()).isFalse();
        }
        assertThat(failure.get(30, TimeUnit.SECONDS).reason()).isEqualTo(UpgradeException.Reason.CLOSED);
    }

    @Test
    void aSilentClientTimesOut() throws Exception {
        SocketAddress impatient = listen(upgrade(BOB, Duration.ofMillis(200)));
        try (Socket socket = new Socket()) {
            socket.connect(impatient);
            byte[] header = socket.getInputStream().readAllBytes();
            assertThat(header).hasSize(20);
        }
        assertThat(refused)
                .singleElement()
                .extracting(UpgradeException::reason)
                .isEqualTo(UpgradeException.Reason.TIMEOUT);
    }

    @Test
    void aClientOfAnotherProtocolIsClosed() throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(address);
            socket.getOutputStream().write(new byte[1000]);
            await().untilAsserted(() -> assertThat(refused)
                    .singleElement()
                    .extracting(UpgradeException::reason)
                    .isEqualTo(UpgradeException.Reason.NEGOTIATION));
        }
    }

    private CompletableFuture<byte[]> echo(PeerId expected, byte[] data) {
        CompletableFuture<byte[]> echo = new CompletableFuture<>();
        connect(address, channel -> alice.upgradeOutbound(channel, expected, new EchoRequester(data, echo)));
        return echo;
    }

    private ChannelFuture connect(SocketAddress remote, Consumer<Channel> installer) {
        return new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(initializer(installer))
                .connect(remote);
    }

    private ChannelInitializer<Channel> initializer(Consumer<Channel> installer) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channels.add(channel);
                installer.accept(channel);
            }
        };
    }

    /** Listener side: echoes everything. */
    private final class EchoListener implements UpgradeListener {
        @Override
        public void onUpgraded(UpgradedConnection connection) {
            accepted.add(connection);
            connection.channel().pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ctx.write(message);
                }

                @Override
                public void channelReadComplete(ChannelHandlerContext ctx) {
                    ctx.flush();
                }
            });
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            refused.add(cause);
        }
    }

    /** Dialer side: sends data and waits for its echo. */
    private static final class EchoRequester implements UpgradeListener {
        private final byte[] data;
        private final CompletableFuture<byte[]> echo;

        EchoRequester(byte[] data, CompletableFuture<byte[]> echo) {
            this.data = data;
            this.echo = echo;
        }

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            Channel channel = connection.channel();
            byte[] received = new byte[data.length];
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                private int length;

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    ByteBuf in = (ByteBuf) message;
                    int more = in.readableBytes();
                    in.readBytes(received, length, more).release();
                    length += more;
                    if (length == received.length) {
                        echo.complete(received);
                        ctx.close();
                    }
                }
            });
            channel.writeAndFlush(Unpooled.wrappedBuffer(data));
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            echo.completeExceptionally(cause);
        }
    }
}
