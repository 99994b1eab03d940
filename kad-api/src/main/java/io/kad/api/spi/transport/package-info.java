/**
 * SPI of the transport: connections, requests, responses and events. Implementations must be thread-safe and must not block. Each numbered
 * rule is checked by the compatibility test kit, {@code kad-tck}. The messages are specified in the section RPC messages of the libp2p kad-dht
 * specification.
 */
@NullMarked
package io.kad.api.spi.transport;

import org.jspecify.annotations.NullMarked;
