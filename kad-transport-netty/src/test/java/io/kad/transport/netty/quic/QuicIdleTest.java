package io.kad.transport.netty.quic;

import static io.kad.transport.netty.support.Callbacks.completing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.KademliaConfig;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.tls.LocalCertificate;
import io.kad.transport.netty.tls.TlsIdentity;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.ClientAuth;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A remote peer that ends an idle connection sooner than the local one, as rust-libp2p does after 10 s. */
@Timeout(180)
class QuicIdleTest {

    private static final TestIdentity REMOTE = new TestIdentity(2);
    private static final Duration AMPLE = Duration.ofSeconds(60);
    private static final int IDLE_SECONDS = 2;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Loopback loopback = new Loopback(group);
    private final Queue<TransportEvent> events = new ConcurrentLinkedQueue<>();
    private final NettyTransport local =
            new NettyTransport(new TestIdentity(1), KademliaConfig.of("/test/kad/1.0.0"), InstantSource.system());
    private PeerInfo remote;

    @BeforeEach
    void listen() {
        local.start(new TransportHandler() {
            @Override
            public void onRequest(InboundRequest request, Responder responder) {
                responder.reset();
            }

            @Override
            public void onEvent(TransportEvent event) {
                events.add(event);
            }
        });
        InetSocketAddress address =
                (InetSocketAddress) loopback.bind(remoteCodec()).localAddress();
        remote = PeerInfo.of(REMOTE.peerId(), List.of(QuicTransport.ADDRESSES.address(address)));
        local.trustAddresses(remote);
    }

    private static ChannelHandler remoteCodec() {
        TlsIdentity identity = TlsIdentity.create(REMOTE, SignatureChecks.inCaller(), InstantSource.system());
        LocalCertificate certificate = identity.certificate();
        QuicSslContext tls = QuicSslContextBuilder.forServer(certificate.keyManager(), null)
                .trustManager(identity.trustManager())
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocols(TlsIdentity.LIBP2P)
                .build();
        return new QuicServerCodecBuilder()
                .sslContext(tls)
                .maxIdleTimeout(IDLE_SECONDS, TimeUnit.SECONDS)
                .initialMaxData(1 << 20)
                .initialMaxStreamDataBidirectionalLocal(1 << 16)
                .initialMaxStreamDataBidirectionalRemote(1 << 16)
                .initialMaxStreamsBidirectional(100)
                .handler(new Greeter())
                .streamHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                })
                .build();
    }

    /** Opens a stream on each connection, so that the connection counts as wanted. */
    @ChannelHandler.Sharable
    private static final class Greeter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ((QuicChannel) ctx.channel())
                    .createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelActive(ChannelHandlerContext stream) {
                            byte[] header = "\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.US_ASCII);
                            stream.writeAndFlush(Unpooled.wrappedBuffer(header));
                        }
                    });
        }
    }

    @AfterEach
    void stop() {
        local.close();
        loopback.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ConnectionInfo connect() {
        CompletableFuture<ConnectionInfo> connected = new CompletableFuture<>();
        local.connect(remote, AMPLE, completing(connected));
        return connected.join();
    }

    @Test
    void aConnectionThatTheRemotePeerLetsIdleOutIsReplaced() {
        // a handshake on a busy machine may idle out too
        ConnectionInfo first = await().atMost(AMPLE).ignoreExceptions().until(this::connect, connection -> true);
        await().atMost(AMPLE).until(local::connections, List::isEmpty);
        await().atMost(AMPLE).until(() -> events.stream().anyMatch(TransportEvent.ConnectionClosed.class::isInstance));
        ConnectionInfo second = await().atMost(AMPLE).ignoreExceptions().until(this::connect, connection -> true);
        assertThat(second.id()).isNotEqualTo(first.id());
    }
}
