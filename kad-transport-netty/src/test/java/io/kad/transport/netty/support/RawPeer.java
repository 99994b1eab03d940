package io.kad.transport.netty.support;

import io.kad.api.Identity;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.kad.transport.netty.yamux.YamuxHandler;
import io.kad.transport.netty.yamux.YamuxLimits;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Authenticated peer that sends whatever a test sends. */
public final class RawPeer implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final CompletableFuture<YamuxHandler> muxer = new CompletableFuture<>();
    private final Channel channel;

    /** Connects to {@code expected} at {@code address}. */
    public RawPeer(Identity identity, PeerId expected, InetSocketAddress address) {
        ConnectionUpgrade upgrade = TestUpgrades.of(NoiseIdentity.create(identity, List.of("/yamux/1.0.0")));
        this.channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connecting) {
                        upgrade.upgradeOutbound(connecting, expected, new Secured());
                    }
                })
                .connect(address)
                .syncUninterruptibly()
                .channel();
        muxer.join();
    }

    private final class Secured implements UpgradeListener {

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            YamuxHandler handler = new YamuxHandler(true, YamuxLimits.defaults(), new Ignored());
            connection.channel().pipeline().addLast(handler);
            muxer.complete(handler);
        }

        @Override
        public void onUpgradeFailed(Channel failed, UpgradeException cause) {
            muxer.completeExceptionally(cause);
        }
    }

    @Sharable
    private static final class Ignored extends ChannelInboundHandlerAdapter {}

    /** Opens a stream and negotiates {@code protocol} on it. */
    public RawStream open(String protocol) {
        RawStream stream = new RawStream();
        CompletableFuture<RawStream> agreed = new CompletableFuture<>();
        NegotiationListener listener = new NegotiationListener() {
            @Override
            public void onAgreed(Channel opened, String chosen) {
                agreed.complete(stream);
            }

            @Override
            public void onNegotiationFailed(Channel opened, NegotiationException cause) {
                agreed.completeExceptionally(cause);
            }
        };
        muxer.join()
                .openStream(MultistreamDialer.eager(
                        List.of(protocol),
                        (opened, chosen) -> opened.pipeline().addLast(stream),
                        listener,
                        MultistreamDialer.TIMEOUT));
        return agreed.join();
    }

    /** Returns whether the connection is open. */
    public boolean isConnected() {
        return channel.isActive();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }
}
