/**
 * The inbound side: what a request of another peer reads, and what it is answered. Pure functions of their arguments; thread-safe.
 * Specified by the RPC messages and entry validation sections of the libp2p kad-dht specification.
 */
@NullMarked
package io.kad.core.server;

import org.jspecify.annotations.NullMarked;
