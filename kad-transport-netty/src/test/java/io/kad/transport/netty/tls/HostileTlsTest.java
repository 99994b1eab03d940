package io.kad.transport.netty.tls;

import static io.kad.transport.netty.tls.TlsException.Reason.BAD_SIGNATURE;
import static io.kad.transport.netty.tls.TlsException.Reason.LIMIT;
import static io.kad.transport.netty.tls.TlsException.Reason.MALFORMED;
import static io.kad.transport.netty.tls.TlsException.Reason.NO_COMMON_PROTOCOL;
import static io.kad.transport.netty.tls.TlsException.Reason.WRONG_PEER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.transport.netty.stream.SignatureChecks;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.net.InetAddress;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that break the rules of the handshake, over real sockets. */
class HostileTlsTest {

    private static final String YAMUX = "/yamux/1.0.0";
    private static final TestIdentity ALICE = new TestIdentity(1);
    private static final TestIdentity BOB = new TestIdentity(2);
    private static final TestIdentity MALLORY = new TestIdentity(3);

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<TlsContexts> contexts = new ArrayList<>();
    private final RecordedTls dialed = new RecordedTls();
    private final RecordedTls accepted = new RecordedTls();
    private final AtomicReference<Channel> acceptedChannel = new AtomicReference<>();

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        contexts.forEach(TlsContexts::close);
    }

    private TlsContexts contexts(Identity identity) {
        TlsContexts created = TlsContexts.create(
                TlsIdentity.create(identity, SignatureChecks.inCaller(), InstantSource.system()), List.of(YAMUX));
        contexts.add(created);
        return created;
    }

    private ChannelHandler alice() {
        return TlsHandshakeHandler.dialer(contexts(ALICE), BOB.peerId(), dialed);
    }

    private ChannelHandler bob() {
        return TlsHandshakeHandler.listener(contexts(BOB), accepted);
    }

    /** Connects both sides; returns the channel of the dialer. */
    private Channel connect(Supplier<ChannelHandler> dialer, Supplier<ChannelHandler> listener) {
        Channel server = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(initializer(listener))
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        Channel client = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(initializer(dialer))
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel();
        await().until(() -> acceptedChannel.get() != null);
        return client;
    }

    private ChannelInitializer<Channel> initializer(Supplier<ChannelHandler> first) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (channel.parent() != null) {
                    acceptedChannel.set(channel);
                }
                channel.pipeline().addLast(first.get());
                if (channel.pipeline().get(TlsHandshakeHandler.class) == null) {
                    channel.pipeline().addLast(new IgnoredErrors());
                }
            }
        };
    }

    /** Last handler of a hostile peer. */
    private static final class IgnoredErrors extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    private void assertRefused(SslContext hostileDialer, TlsException.Reason reason) {
        Channel client = connect(() -> hostileDialer.newHandler(ByteBufAllocator.DEFAULT), this::bob);
        await().untilAsserted(() -> accepted.assertFailed(reason));
        await().until(() -> !client.isOpen());
        assertThat(acceptedChannel.get().isOpen()).isFalse();
    }

    private static ApplicationProtocolConfig alpn(String protocol) {
        return new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                protocol);
    }

    private static SslContextBuilder client(String protocol) {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .endpointIdentificationAlgorithm(null)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .applicationProtocolConfig(alpn(protocol));
    }

    private static SslContext client(HandMadeCertificate certificate, String protocol) throws Exception {
        certificate.named("CN=a");
        return client(protocol)
                .keyManager(certificate.keyPair().getPrivate(), certificate.x509())
                .build();
    }

    @Test
    void aValidHandMadeCertificateIsAccepted() throws Exception {
        SslContext valid = client(new HandMadeCertificate(ALICE), YAMUX);
        connect(() -> valid.newHandler(ByteBufAllocator.DEFAULT), this::bob);
        await().untilAsserted(() -> accepted.assertSecured(ALICE.peerId(), YAMUX));
    }

    @Test
    void peersWithoutACommonApplicationProtocolPart() throws Exception {
        assertRefused(client(new HandMadeCertificate(ALICE), "http/1.1"), NO_COMMON_PROTOCOL);
    }

    @Test
    void aDialerWithoutACertificateIsRefused() throws Exception {
        assertRefused(client(YAMUX).build(), MALFORMED);
    }

    @Test
    void aDialerWithAnExpiredCertificateIsRefused() throws Exception {
        HandMadeCertificate expired = new HandMadeCertificate(ALICE)
                .valid(Instant.now().minusSeconds(7200), Instant.now().minusSeconds(3600));
        assertRefused(client(expired, YAMUX), MALFORMED);
    }

    @Test
    void aDialerWithASmallRsaKeyIsRefused() throws Exception {
        HandMadeCertificate weak = new HandMadeCertificate(ALICE)
                .keys(
                        HandMadeCertificate.keys("RSA", 1024),
                        "SHA256withRSA",
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE));
        assertRefused(client(weak, YAMUX), LIMIT);
    }

    @Test
    void aDialerWithAHugeCertificateIsRefused() throws Exception {
        HandMadeCertificate huge = new HandMadeCertificate(ALICE)
                .extension(HandMadeCertificate.UNKNOWN_EXTENSION, false, RemoteCertificate.MAX_BYTES);
        assertRefused(client(huge, YAMUX), LIMIT);
    }

    @Test
    void aDialerThatClaimsTheKeyOfAnotherPeerIsRefused() throws Exception {
        HandMadeCertificate stolen = new HandMadeCertificate(ALICE);
        stolen.hostKey(new HostKeyExtension(
                ALICE.publicKey(),
                HostKeyExtension.sign(MALLORY, stolen.keyInfo()).signature()));
        assertRefused(client(stolen, YAMUX), BAD_SIGNATURE);
    }

    @Test
    void twoCertificatesAreRefused() {
        X509Certificate[] two = {
            new HandMadeCertificate(ALICE).named("CN=a").x509(),
            new HandMadeCertificate(ALICE).named("CN=b").x509()
        };
        X509ExtendedTrustManager rules = contexts(BOB).local().trustManager();
        assertThatThrownBy(() -> rules.checkClientTrusted(two, "UNKNOWN"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("one certificate, got 2");
        assertThatThrownBy(() -> rules.checkServerTrusted(two, "UNKNOWN")).isInstanceOf(CertificateException.class);
        assertThatCode(() -> rules.checkServerTrusted(new X509Certificate[] {two[0]}, "UNKNOWN"))
                .doesNotThrowAnyException();
    }

    @Test
    void anOlderVersionOfTlsIsRefused() throws Exception {
        HandMadeCertificate valid = new HandMadeCertificate(ALICE).named("CN=a");
        SslContext old = client(YAMUX)
                .protocols("TLSv1.2")
                .keyManager(valid.keyPair().getPrivate(), valid.x509())
                .build();
        assertRefused(old, MALFORMED);
    }

    @Test
    void garbageIsRefused() {
        Channel client = connect(IgnoredErrors::new, this::bob);
        client.writeAndFlush(Unpooled.wrappedBuffer(new byte[100]));
        await().untilAsserted(() -> accepted.assertFailed(MALFORMED));
        await().until(() -> !client.isOpen());
    }

    @Test
    void anUnexpectedPeerIsRefusedBeforeTheDialerRevealsItsIdentity() {
        AtomicReference<SslHandler> encryption = new AtomicReference<>();
        connect(this::alice, () -> new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(TlsHandshakeHandler.listener(contexts(MALLORY), accepted));
                encryption.set(channel.pipeline().get(SslHandler.class));
            }
        });
        await().untilAsserted(() -> dialed.assertFailed(WRONG_PEER));
        await().untilAsserted(() -> accepted.assertFailed(MALFORMED));
        assertThatThrownBy(() -> encryption.get().engine().getSession().getPeerCertificates())
                .isInstanceOf(SSLPeerUnverifiedException.class);
    }

    @Test
    void aListenerWhoseCertificateIsNotSignedByItselfIsRefused() throws Exception {
        HandMadeCertificate forged = new HandMadeCertificate(BOB)
                .named("CN=b")
                .signer(HandMadeCertificate.ec("secp256r1").getPrivate());
        SslContext server = SslContextBuilder.forServer(forged.keyPair().getPrivate(), forged.x509())
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3")
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .clientAuth(ClientAuth.REQUIRE)
                .applicationProtocolConfig(alpn(YAMUX))
                .build();
        connect(this::alice, () -> server.newHandler(ByteBufAllocator.DEFAULT));
        await().untilAsserted(() -> dialed.assertFailed(BAD_SIGNATURE));
    }
}
