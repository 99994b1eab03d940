package io.kad.transport.netty.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connection over a real socket, used from many threads. */
class YamuxThreadsTest {

    private static final int REQUEST = 40_000;

    private static final YamuxLimits LIMITS = YamuxLimits.defaults().toBuilder()
            .openTimeout(Duration.ofSeconds(60))
            .build();

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ExecutorService callers = Executors.newFixedThreadPool(4);
    private final CompletableFuture<YamuxHandler> accepted = new CompletableFuture<>();
    private final YamuxHandler yamux = new YamuxHandler(true, LIMITS, new ChannelInitializer<YamuxStreamChannel>() {
        @Override
        protected void initChannel(YamuxStreamChannel stream) {
            stream.close();
        }
    });
    private Channel connection;
    private Channel server;

    @BeforeEach
    void connect() throws InterruptedException {
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        YamuxHandler handler = new YamuxHandler(false, LIMITS, echoing());
                        channel.pipeline().addLast(handler);
                        accepted.complete(handler);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        connection = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(yamux);
                    }
                })
                .connect((InetSocketAddress) server.localAddress())
                .sync()
                .channel();
    }

    @AfterEach
    void stop() throws InterruptedException {
        callers.shutdownNow();
        connection.close().sync();
        server.close().sync();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    }

    private static ChannelInitializer<YamuxStreamChannel> echoing() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(YamuxStreamChannel stream) {
                stream.pipeline().addLast(new Echo(), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        if (event instanceof ChannelInputShutdownEvent) {
                            ((YamuxStreamChannel) ctx.channel()).shutdownOutput();
                        }
                    }
                });
            }
        };
    }

    /** Sends a request on a separate stream, and returns the size of the response. */
    private CompletableFuture<Integer> request() {
        CompletableFuture<Integer> response = new CompletableFuture<>();
        yamux.openStream(new ChannelInboundHandlerAdapter() {
                    private int received;

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ByteBuf bytes = (ByteBuf) msg;
                        received += bytes.readableBytes();
                        bytes.release();
                    }

                    @Override
                    public void channelInactive(ChannelHandlerContext ctx) {
                        response.complete(received);
                    }
                })
                .addListener(opened -> {
                    if (opened.isSuccess()) {
                        YamuxStreamChannel stream = (YamuxStreamChannel) opened.getNow();
                        callers.execute(() -> {
                            stream.write(Unpooled.buffer(REQUEST).writeZero(REQUEST));
                            stream.shutdownOutput();
                        });
                    } else {
                        response.completeExceptionally(opened.cause());
                    }
                });
        return response;
    }

    @Test
    void manyThreadsShareOneConnection() throws Exception {
        List<CompletableFuture<CompletableFuture<Integer>>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) { // more than may be open concurrently
            calls.add(CompletableFuture.supplyAsync(this::request, callers));
        }
        for (CompletableFuture<CompletableFuture<Integer>> call : calls) {
            assertThat(call.get(30, TimeUnit.SECONDS).get(30, TimeUnit.SECONDS)).isEqualTo(REQUEST);
        }
        assertThat(yamux.ping().get(60, TimeUnit.SECONDS)).isPositive();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> yamux.streamCount() == 0 && accepted.join().streamCount() == 0);
        assertThat(connection.isOpen()).isTrue();
    }

    @Test
    void streamsOfBothSidesEndWithTheSocket() throws Exception {
        List<Channel> streams = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            YamuxStreamChannel stream = (YamuxStreamChannel)
                    yamux.openStream(new ChannelInboundHandlerAdapter()).get(60, TimeUnit.SECONDS);
            stream.announce();
            streams.add(stream);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> accepted.join().streamCount() == 10);
        connection.close().get(60, TimeUnit.SECONDS);
        for (Channel stream : streams) {
            stream.closeFuture().get(60, TimeUnit.SECONDS);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> accepted.join().streamCount() == 0);
    }
}
