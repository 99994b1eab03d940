package io.kad.node;

import io.kad.api.Identity;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.UnsignedVarint;
import io.kad.transport.netty.limit.ConnectionBudget;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolLookup;
import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.kad.transport.netty.muxer.Muxer;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.noise.NoiseSecurity;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.kad.transport.netty.yamux.Yamux;
import io.kad.transport.netty.yamux.YamuxLimits;
import io.kad.wire.key.Ed25519Identity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Peer, made of parts of the transport, that secures its connections by Noise and then does something else than a peer of a DHT. */
final class OddPeer implements AutoCloseable {

    private static final String IDENTIFY = "/ipfs/id/1.0.0";

    private final Identity identity = Ed25519Identity.generate(new SecureRandom());
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel server;

    private OddPeer(List<String> early, Muxer muxer, ProtocolLookup protocols) {
        ConnectionUpgrade upgrade = new ConnectionUpgrade(
                List.of(new NoiseSecurity(
                        NoiseIdentity.create(identity, early), Duration.ofMinutes(1), new LimitCounters())),
                List.of(muxer),
                Duration.ofSeconds(30));
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        upgrade.upgradeInbound(accepted, new Upgraded(protocols));
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    /** Returns a peer whose only muxer is one that no other peer has. */
    static OddPeer withOtherMuxer() {
        return new OddPeer(List.of(), new OtherMuxer(), protocol -> null);
    }

    /** Returns a peer that serves no protocol on its streams. */
    static OddPeer withoutProtocols() {
        return new OddPeer(List.of(Yamux.PROTOCOL), yamux(), protocol -> null);
    }

    /** Returns a peer that answers identify with {@code message}, made for its identity. */
    static OddPeer identifyingWith(Function<Identity, Bytes> message) {
        Bytes[] made = new Bytes[1];
        OddPeer peer = new OddPeer(
                List.of(Yamux.PROTOCOL),
                yamux(),
                ProtocolLookup.of(
                        Map.of(IDENTIFY, (stream, agreed) -> stream.pipeline().addLast(new Sender(made[0])))));
        made[0] = message.apply(peer.identity);
        return peer;
    }

    private static Muxer yamux() {
        return new Yamux(YamuxLimits.defaults());
    }

    /** Returns the address, with the peer ID. */
    String address() {
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port)
                .withPeerId(identity.peerId())
                .toString();
    }

    private record Upgraded(ProtocolLookup protocols) implements UpgradeListener {

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            connection.installMuxer(
                    new Streams(protocols),
                    ConnectionBudget.unlimited(connection.channel().eventLoop()));
        }

        @Override
        public void onUpgradeFailed(Channel channel, UpgradeException cause) {
            // the other side says what it is
        }
    }

    @Sharable
    private static final class Streams extends ChannelInitializer<Channel> {

        private final ProtocolLookup protocols;

        Streams(ProtocolLookup protocols) {
            this.protocols = protocols;
        }

        @Override
        protected void initChannel(Channel stream) {
            stream.pipeline()
                    .addLast(new MultistreamResponder(protocols, NegotiationListener.NONE, Duration.ofSeconds(30)));
        }
    }

    /** Handler that sends one message with its length, and ends the stream. */
    private static final class Sender extends ChannelInboundHandlerAdapter {

        private final Bytes message;

        Sender(Bytes message) {
            this.message = message;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            var unused = MuxedStream.of(ctx.channel())
                    .writeAndFinish(Unpooled.wrappedBuffer(
                            UnsignedVarint.encode(message.size()).toArray(), message.toArray()));
        }
    }

    private static final class OtherMuxer implements Muxer {

        @Override
        public String protocol() {
            return "/other/1.0.0";
        }

        @Override
        public String name() {
            return "other";
        }

        @Override
        public MuxedConnection install(
                Channel secured, boolean dialled, ChannelHandler inbound, ConnectionBudget budget) {
            throw new UnsupportedOperationException("nobody agrees on it");
        }
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
