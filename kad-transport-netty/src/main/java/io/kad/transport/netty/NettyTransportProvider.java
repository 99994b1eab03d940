package io.kad.transport.netty;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportProvider;

/** Makes {@link NettyTransport}s; called {@code netty}. */
public final class NettyTransportProvider implements TransportProvider {

    /** Made by {@link java.util.ServiceLoader}. */
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
