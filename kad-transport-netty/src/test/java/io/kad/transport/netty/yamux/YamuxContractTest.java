package io.kad.transport.netty.yamux;

import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxerContractTest;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The contract of muxers, for Yamux over TCP. */
class YamuxContractTest extends MuxerContractTest {

    private @Nullable Channel server;

    @Override
    protected Ends connect(End dialler, End listener) throws Exception {
        CompletableFuture<MuxedConnection> accepted = new CompletableFuture<>();
        CompletableFuture<MuxedConnection> dialled = new CompletableFuture<>();
        Channel bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(false, listener, accepted))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        server = bound;
        new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(initializer(true, dialler, dialled))
                .connect(bound.localAddress())
                .sync();
        return new Ends(dialled.get(60, TimeUnit.SECONDS), accepted.get(60, TimeUnit.SECONDS));
    }

    private static ChannelInitializer<Channel> initializer(
            boolean dialled, End end, CompletableFuture<MuxedConnection> result) {
        YamuxLimits limits = YamuxLimits.defaults().toBuilder()
                .maxQueuedOpens(1000)
                .maxQueuedWriteBytes(1 << 30)
                .openTimeout(Duration.ofSeconds(60))
                .build();
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                result.complete(new Yamux(limits).install(channel, dialled, end.inbound(), end.budget(channel)));
            }
        };
    }

    @Override
    protected void disconnect() throws Exception {
        Channel bound = server;
        if (bound != null) {
            bound.close().sync();
        }
    }
}
