package io.kad.api.spi.transport;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.SpiProvider;

/** Factory of transports, found by {@link java.util.ServiceLoader}. */
public interface TransportProvider extends SpiProvider {

    /**
     * Returns a new transport, not started; the caller starts and closes it.
     *
     * @param identity the identity that the transport authenticates with
     * @param config the protocol ID and the limits of the transport
     */
    Transport create(SpiContext context, Identity identity, KademliaConfig config);
}
