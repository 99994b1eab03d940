package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.tck.TransportTck;
import io.kad.wire.key.Ed25519Identity;
import java.security.SecureRandom;

/** Compatibility tests of the transport, over loopback with WebSocket. */
class WebSocketTransportTckTest extends TransportTck {

    @Override
    protected Identity createIdentity() {
        return Ed25519Identity.generate(new SecureRandom());
    }

    @Override
    protected Multiaddr listenAddress() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/0/ws");
    }

    @Override
    protected Transport createTransport(SpiContext context, Identity identity, KademliaConfig config) {
        return new NettyTransportProvider().create(context, identity, config);
    }
}
