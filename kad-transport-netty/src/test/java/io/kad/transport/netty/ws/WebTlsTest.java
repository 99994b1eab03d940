package io.kad.transport.netty.ws;

import static io.kad.transport.netty.support.Callbacks.completing;
import static io.kad.transport.netty.support.StartedTransports.bind;
import static io.kad.transport.netty.support.StartedTransports.listen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestDnsServer;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.WebCertificate;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of listeners on {@code /tls/ws}, and whom a dialer trusts. */
@Timeout(180)
class WebTlsTest {

    private final StartedTransports transports = new StartedTransports();
    private final TestDnsServer dns = new TestDnsServer();
    private final TestIdentity alice = new TestIdentity(1);

    @TempDir
    Path directory;

    private WebCertificate certificate;
    private int port;

    @BeforeEach
    void startListener() {
        certificate = WebCertificate.of(directory, "host.example");
        dns.setHost("host.example.", new byte[] {127, 0, 0, 1});
        dns.setHost("other.example.", new byte[] {127, 0, 0, 1});
        NettyTransport listener = start(
                alice,
                KademliaConfig.builder()
                        .wsCert(certificate.certificate().toString())
                        .wsKey(certificate.key().toString()));
        Multiaddr tcp = bind(listener, "/ip4/127.0.0.1/tcp/0");
        listen(listener, tcp + "/ws").join();
        assertThat(listen(listener, tcp + "/wss").join()).containsExactly(Multiaddr.parse(tcp + "/tls/ws"));
        assertThat(listener.listenAddresses()).hasSize(3);
        port = Integer.parseInt(tcp.components().get(1).text());
    }

    @AfterEach
    void stop() {
        transports.close();
        dns.close();
    }

    private NettyTransport start(TestIdentity identity, KademliaConfig.Builder config) {
        return transports.start(identity, config.resolver(dns.option()));
    }

    private CompletableFuture<ConnectionInfo> dial(boolean trusting, String address) {
        KademliaConfig.Builder config = KademliaConfig.builder();
        NettyTransport dialer = start(
                new TestIdentity(2),
                trusting ? config.wsTrust(certificate.certificate().toString()) : config);
        return StartedTransports.connect(dialer, alice, Multiaddr.parse(address));
    }

    private void assertFails(boolean trusting, String address) {
        assertThat(dial(trusting, address))
                .failsWithin(Duration.ofSeconds(25))
                .withThrowableThat()
                .withMessageContaining("ertificate");
    }

    @Test
    void aNameIsCheckedWhicheverComponentHasIt() {
        for (String address : List.of(
                "/dns4/host.example/tcp/" + port + "/tls/ws",
                "/dns4/HOST.example/tcp/" + port + "/wss",
                "/ip4/127.0.0.1/tcp/" + port + "/tls/sni/host.example/ws",
                "/dns4/other.example/tcp/" + port + "/tls/sni/host.example/ws")) {
            ConnectionInfo connection = dial(true, address).join();
            assertThat(connection.remoteAddress()).isEqualTo(Multiaddr.parse(address));
            assertThat(connection.transport()).isEqualTo("wss");
        }
    }

    @Test
    void anotherNameIsRefused() {
        assertFails(true, "/dns4/other.example/tcp/" + port + "/tls/ws");
        assertFails(true, "/ip4/127.0.0.1/tcp/" + port + "/tls/ws");
        assertFails(true, "/ip4/127.0.0.1/tcp/" + port + "/tls/sni/other.example/ws");
        assertFails(true, "/dns4/host.example/tcp/" + port + "/tls/sni/other.example/ws");
    }

    @Test
    void aWrongNameKeepsNobodyFromDiallingTheRightOne() {
        NettyTransport dialer = start(
                new TestIdentity(2),
                KademliaConfig.builder().wsTrust(certificate.certificate().toString()));
        Multiaddr wrong = Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port + "/tls/sni/other.example/ws");
        assertThat(StartedTransports.connect(dialer, new TestIdentity(9), wrong))
                .failsWithin(Duration.ofSeconds(25));
        CompletableFuture<KadResponse> right = new CompletableFuture<>();
        dialer.request(
                PeerInfo.of(alice.peerId(), List.of(Multiaddr.parse("/dns4/host.example/tcp/" + port + "/tls/ws"))),
                new KadRequest.FindNode(Bytes.utf8("key")),
                Duration.ofSeconds(20),
                completing(right));
        assertThat(right)
                .as("dialled, and refused by the handler")
                .failsWithin(Duration.ofSeconds(25))
                .withThrowableThat()
                .withMessageNotContaining("not dialled");
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefused() {
        assertFails(false, "/dns4/host.example/tcp/" + port + "/tls/ws");
    }

    @Test
    void theSameSocketServesTcpAndWebSocketBesideIt() {
        assertThat(dial(true, "/ip4/127.0.0.1/tcp/" + port).join().transport()).isEqualTo("tcp");
        assertThat(dial(true, "/ip4/127.0.0.1/tcp/" + port + "/ws").join().transport())
                .isEqualTo("ws");
    }

    @Test
    void withoutACertificateNobodyListensInTls() {
        NettyTransport plain = start(new TestIdentity(3), KademliaConfig.builder());
        assertThat(listen(plain, "/ip4/127.0.0.1/tcp/0/tls/ws"))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withMessageContaining("set ws-cert and ws-key");
    }

    @Test
    void filesThatAreMissingOrOfAnotherFormAreRefusedAtTheStart() throws IOException {
        String good = certificate.certificate().toString();
        String garbage =
                Files.writeString(directory.resolve("garbage"), "hello").toString();
        String missing = directory.resolve("missing").toString();
        assertRefused("belong together", KademliaConfig.builder().wsCert(good));
        assertRefused("belong together", KademliaConfig.builder().wsKey(good));
        assertRefused(
                "ws-cert or ws-key", KademliaConfig.builder().wsCert(missing).wsKey(missing));
        assertRefused("ws-cert or ws-key", KademliaConfig.builder().wsCert(good).wsKey(garbage));
        assertRefused("ws-trust", KademliaConfig.builder().wsTrust(garbage));
        assertRefused("ws-trust", KademliaConfig.builder().wsTrust(missing));
    }

    @Test
    void noSessionIsResumed() {
        WebTls tls = WebTls.of(
                KademliaConfig.builder()
                        .wsCert(certificate.certificate().toString())
                        .wsKey(certificate.key().toString())
                        .build(),
                Runnable::run);
        for (SslHandler handler : List.of(
                tls.listener(UnpooledByteBufAllocator.DEFAULT),
                tls.dialer(UnpooledByteBufAllocator.DEFAULT, "host.example", 443))) {
            assertThat(handler.engine().getSession().getSessionContext())
                    .isInstanceOfSatisfying(
                            OpenSslSessionContext.class,
                            sessions ->
                                    assertThat(sessions.isSessionCacheEnabled()).isFalse());
            ReferenceCountUtil.release(handler.engine());
        }
    }

    private static void assertRefused(String message, KademliaConfig.Builder config) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebTls.of(config.build(), Runnable::run))
                .withMessageContaining(message);
    }
}
