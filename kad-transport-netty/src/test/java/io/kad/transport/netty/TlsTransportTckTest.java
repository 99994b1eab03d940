package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.TransportTck;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;

/** Compatibility tests of the transport, over loopback with TLS. */
class TlsTransportTckTest extends TransportTck {

    @Override
    protected Identity createIdentity() {
        return Ed25519Identity.generate(new SecureRandom());
    }

    @Override
    protected Transport createTransport(SpiContext context, Identity identity, KademliaConfig config) {
        KademliaConfig withTls =
                config.toBuilder().set(TransportOptions.SECURITY.name(), "tls").build();
        return new NettyTransportProvider().create(context, identity, withTls);
    }
}
