package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.TransportTck;
import io.kad.transport.netty.support.WebCertificate;
import io.kad.wire.key.Ed25519Identity;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Compatibility tests of the transport, over loopback with WebSocket in TLS, and TLS of libp2p inside. */
class SecureWebSocketTransportTckTest extends TransportTck {

    private static WebCertificate certificate;

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) {
        certificate = WebCertificate.of(directory, "127.0.0.1");
    }

    @Override
    protected Identity createIdentity() {
        return Ed25519Identity.generate(new SecureRandom());
    }

    @Override
    protected Multiaddr listenAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/0/tls/ws");
    }

    @Override
    protected Transport createTransport(SpiContext context, Identity identity, KademliaConfig config) {
        KademliaConfig secure = config.toBuilder()
                .set("security", "tls")
                .wsCert(certificate.certificate().toString())
                .wsKey(certificate.key().toString())
                .wsTrust(certificate.certificate().toString())
                .build();
        return new NettyTransportProvider().create(context, identity, secure);
    }
}
