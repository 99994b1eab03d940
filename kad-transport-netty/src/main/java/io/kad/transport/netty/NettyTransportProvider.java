package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportProvider;

/** Provider of {@link NettyTransport}, registered under the name {@code netty}. */
public final class NettyTransportProvider implements TransportProvider {

    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public NettyTransportProvider() {}

    @Override
    public String name() {
        return "netty";
    }

    @Override
    public int priority() {
        return 100;
    }

    @Override
    public Transport create(SpiContext context, Identity identity, KademliaConfig config) {
        return new NettyTransport(identity, config, context.clock());
    }
}
