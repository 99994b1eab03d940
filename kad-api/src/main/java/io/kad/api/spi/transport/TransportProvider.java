package io.kad.api.spi.transport;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Makes transports. */
public interface TransportProvider extends SpiProvider {

    /**
     * Returns a new transport that is not yet started, which the caller closes.
     *
     * @param identity who the transport proves to be
     * @param config names the protocol and the limits
     */
    Transport create(SpiContext context, Identity identity, KademliaConfig config);
}
