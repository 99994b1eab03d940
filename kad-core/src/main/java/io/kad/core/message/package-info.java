/**
 * The reading of responses: whether a response matches its request, and the closer peers in it. Pure functions, thread-safe.
 *
 * <p>Source: libp2p kad-dht specification, section on RPC messages.
 */
@NullMarked
package io.kad.core.message;

import org.jspecify.annotations.NullMarked;
