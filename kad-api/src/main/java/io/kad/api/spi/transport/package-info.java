/**
 * The contract of a transport: connections, requests and events. Implementations must be thread-safe and must not block. Each numbered rule is
 * checked by the compatibility test kit, {@code kad-tck}.
 */
@NullMarked
package io.kad.api.spi.transport;

import org.jspecify.annotations.NullMarked;
