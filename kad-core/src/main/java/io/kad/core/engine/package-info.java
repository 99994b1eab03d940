/**
 * The engine: one state machine for everything that a peer decides by itself.
 *
 * <p>Sans-IO: it uses no clock, thread, socket or global randomness. Events go in through {@link
 * io.kad.core.engine.StateMachine#advance}, actions come out as values, and the driver in {@code io.kad.core.runtime} executes them.
 * Confined to one thread at a time.
 *
 * <p>Source: libp2p kad-dht specification, routing table, client and server mode; RFC 6298 for request timeouts.
 */
@NullMarked
package io.kad.core.engine;

import org.jspecify.annotations.NullMarked;
