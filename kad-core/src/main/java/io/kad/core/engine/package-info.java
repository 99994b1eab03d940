/**
 * The engine: one state machine for all that a peer decides by itself.
 *
 * <p>Sans-IO: no clock, no thread, no socket, no global randomness. Events go in through {@link
 * io.kad.core.engine.StateMachine#advance}, actions come out as values, and the driver in {@code io.kad.core.runtime} carries them
 * out. Confined to one thread at a time.
 */
@NullMarked
package io.kad.core.engine;

import org.jspecify.annotations.NullMarked;
