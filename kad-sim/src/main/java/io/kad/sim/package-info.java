/**
 * Simulated networks that run the production code on virtual time: the API for tests and scenarios.
 *
 * <p>{@link io.kad.sim.SimNetwork} holds the peers and the clock, and checks each {@link io.kad.sim.Invariant}. Uses {@code
 * io.kad.sim.network}, the model of links and connections; {@code adversary}, {@code scenario}, {@code chaos} and {@code junit} use both.
 * Deterministic: a seed gives the same messages on every machine. A network is confined to one thread.
 */
@NullMarked
package io.kad.sim;

import org.jspecify.annotations.NullMarked;
