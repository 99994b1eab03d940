package io.kad.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.support.ForwardingIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** Creation of a transport that fails. */
class NettyTransportCreationTest {

    /** Identity whose key signs for Noise, and not for the certificate of QUIC. */
    private record NoCertificate(Identity identity) implements ForwardingIdentity {

        @Override
        public Bytes sign(Bytes message) {
            if (new String(message.toArray(), StandardCharsets.ISO_8859_1).startsWith("libp2p-tls-handshake:")) {
                throw new IllegalStateException("the key signs no certificate, as the test says");
            }
            return identity.sign(message);
        }
    }

    @Test
    void itKeepsNoEventLoops() {
        EventLoopGroup group = SharedEventLoops.acquire();
        KademliaConfig config = KademliaConfig.of("/test/kad/1.0.0").toBuilder()
                .set(TransportOptions.SECURITY.name(), "noise")
                .build();
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        new NettyTransport(new NoCertificate(new TestIdentity(1)), config, InstantSource.system()))
                .withMessageContaining("signs no certificate");
        SharedEventLoops.release();
        assertThat(group.isShuttingDown()).isTrue();
    }
}
